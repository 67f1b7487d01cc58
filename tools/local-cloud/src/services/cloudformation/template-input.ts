import type { GetObjectCommandInput } from '@aws-sdk/client-s3';
import { validationError } from '../../cloudformation/errors.ts';

import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

interface TemplateInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

/** "CloudFormation quotas": bytes of a template in a request, and in S3. */
const longestBody = 51_200;
const longestObject = 1_048_576;

/**
 * The template's text: from the request, from S3 (read as the caller), or the stack's own. Throws ValidationError when
 * there is not exactly one, it is too long, or S3 does not give it.
 */
export async function readTemplate(input: TemplateInput, call: Call, previous?: string): Promise<string> {
  const { TemplateBody, TemplateURL, UsePreviousTemplate } = input;
  const given = [TemplateBody, TemplateURL, UsePreviousTemplate || undefined].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw validationError('Either Template URL or Template Body must be specified.');
  }
  if (TemplateURL !== undefined) return readObject(TemplateURL, call, 'Template', longestObject);
  if (TemplateBody === undefined) {
    if (previous === undefined) throw validationError('There is no previous template to use.');
    return previous;
  }
  if (Buffer.byteLength(TemplateBody) > longestBody) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${longestBody}`,
    );
  }
  return TemplateBody;
}

/** Text that a request leaves to an object of S3, read as the caller. Throws ValidationError. */
export async function readObject(url: string, call: Call, what: string, longest: number): Promise<string> {
  const location = locationOf(url, call.cloud.endpoint);
  if (!location) {
    throw validationError(`S3 error: Domain name specified in ${url} is not a valid S3 domain`);
  }
  try {
    const as = { caller: call.caller, region: call.region };
    const { Body } = await call.cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { ...location }, as);
    if (Body.length > longest) throw validationError(`${what} may not exceed ${longest} bytes in size.`);
    return Buffer.from(Body).toString();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'ValidationError') throw error;
    throw validationError(`S3 error: ${error.message}`);
  }
}

/** Path-style at this cloud's endpoint or at S3's, or the bucket in the host's name. */
function locationOf(text: string, endpoint: string): Pick<GetObjectCommandInput, 'Bucket' | 'Key'> | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = decodeURIComponent(url.pathname.slice(1));
  const [first = '', ...rest] = path.split('/');
  const isPathStyle = url.origin === endpoint || /^s3([.-][a-z0-9-]+)?\.amazonaws\.com$/.test(url.hostname);
  if (isPathStyle) return { Bucket: first, Key: rest.join('/') };
  const [, bucket] = /^(.+)\.s3([.-][a-z0-9-]+)?\.amazonaws\.com$/.exec(url.hostname) ?? [];
  return bucket ? { Bucket: bucket, Key: path } : undefined;
}
