import { createHash } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { invalidParameter, requestEntityTooLarge } from './errors.ts';
import type { CodePackage } from './state.ts';
import { inspectZip } from './unzip.ts';

/** "Lambda quotas": a deployment package uploaded directly, and unzipped with all layers. */
const largestZip = 52_428_800;
export const largestUnzipped = 262_144_000;

interface CodeInput {
  readonly ZipFile?: Uint8Array | undefined;
  readonly S3Bucket?: string | undefined;
  readonly S3Key?: string | undefined;
  readonly S3ObjectVersion?: string | undefined;
}

/**
 * Reads a deployment package from the request or, as the caller, from S3, and checks it. Throws
 * InvalidParameterValueException, RequestEntityTooLargeException, AccessDeniedException.
 */
export async function readCode(input: CodeInput, call: Call): Promise<CodePackage> {
  return checkedPackage(await bytesOf(input, call));
}

async function bytesOf(input: CodeInput, call: Call): Promise<Uint8Array> {
  if (input.ZipFile !== undefined) {
    if (input.ZipFile.length > largestZip) {
      throw requestEntityTooLarge(`Zipped size must be smaller than ${largestZip} bytes`);
    }
    return input.ZipFile;
  }
  if (input.S3Bucket === undefined || input.S3Key === undefined) {
    throw invalidParameter('Please provide a source for function code.');
  }
  return readObject({ Bucket: input.S3Bucket, Key: input.S3Key, VersionId: input.S3ObjectVersion }, call);
}

async function readObject(
  object: { Bucket: string; Key: string; VersionId: string | undefined },
  { cloud, caller, region }: Call,
): Promise<Uint8Array> {
  try {
    const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', object, { caller, region });
    return Body;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const cause = `S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`;
    if (error.code !== 'AccessDenied') throw invalidParameter(`Error occurred while GetObject. ${cause}`);
    throw new AwsError(
      'AccessDeniedException',
      `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${object.Bucket}/${object.Key}. ${cause}`,
      { status: 403 },
    );
  }
}

async function checkedPackage(zip: Uint8Array): Promise<CodePackage> {
  const summary = await inspectZip(zip).catch(() => {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  });
  if (summary.files === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  checkUnzippedSize(summary.unzippedBytes);
  return {
    zip,
    sha256: createHash('sha256').update(zip).digest('base64'),
    unzippedBytes: summary.unzippedBytes,
  };
}

/** Throws InvalidParameterValueException. */
export function checkUnzippedSize(bytes: number): void {
  if (bytes < largestUnzipped) return;
  throw invalidParameter(`Unzipped size must be smaller than ${largestUnzipped} bytes`);
}
