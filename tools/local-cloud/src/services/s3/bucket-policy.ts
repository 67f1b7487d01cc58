import type {
  DeleteBucketPolicyCommandInput,
  DeleteBucketPolicyCommandOutput,
  GetBucketPolicyCommandInput,
  GetBucketPolicyCommandOutput,
  PutBucketPolicyCommandInput,
  PutBucketPolicyCommandOutput,
} from '@aws-sdk/client-s3';
import type { PolicyDocument, PolicyStatement } from '../../iam/policy-document.ts';
import { operation } from '../../service.ts';
import { onBucket } from './demands.ts';
import { s3Error } from './errors.ts';
import { type Bucket, bucketOf } from './state.ts';

/** "Bucket policies are limited to 20 KB" (PutBucketPolicy, bucket policy examples, Amazon S3 User Guide). */
const largestPolicy = 20 * 1024;

const putBucketPolicy = operation<PutBucketPolicyCommandInput, PutBucketPolicyCommandOutput>({
  demands: onBucket('PutBucketPolicy'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const text = input.Policy ?? '';
    const policy = readPolicy(text, bucket);
    if (bucket.publicAccessBlock?.BlockPublicPolicy && statementsOf(policy).some(isPublic)) {
      throw s3Error(
        'AccessDenied',
        {},
        `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket.name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      );
    }
    bucket.policy = text;
    return {};
  },
});

function readPolicy(text: string, bucket: Bucket): PolicyDocument {
  if (Buffer.byteLength(text) > largestPolicy) {
    throw s3Error('MalformedPolicy', {}, 'Normalized policy document exceeds the maximum allowed size of 20480 bytes.');
  }
  if (!text.startsWith('{')) {
    throw s3Error('MalformedPolicy', {}, "Policies must be valid JSON and the first byte must be '{'");
  }
  let policy: PolicyDocument;
  try {
    policy = JSON.parse(text) as PolicyDocument;
  } catch {
    throw s3Error('MalformedPolicy');
  }
  for (const statement of statementsOf(policy)) checkStatement(statement, bucket);
  return policy;
}

function checkStatement(statement: PolicyStatement, bucket: Bucket): void {
  const missing = (['Effect', 'Principal', 'Action', 'Resource'] as const).find(
    (name) => statement[name] === undefined && statement[`Not${name}` as keyof PolicyStatement] === undefined,
  );
  if (missing) throw s3Error('MalformedPolicy', {}, `Missing required field ${missing}`);
  const arn = `arn:aws:s3:::${bucket.name}`;
  for (const resource of [statement.Resource ?? statement.NotResource ?? []].flat()) {
    const inBucket = resource === arn || resource.startsWith(`${arn}/`) || resource.startsWith(`${arn}*`);
    if (!inBucket) throw s3Error('MalformedPolicy', {}, 'Policy has invalid resource');
  }
}

function statementsOf(policy: PolicyDocument): PolicyStatement[] {
  if (policy.Statement === undefined) throw s3Error('MalformedPolicy', {}, 'Missing required field Statement');
  return [policy.Statement].flat() as PolicyStatement[];
}

/** The plain case of "The meaning of public" (Blocking public access, Amazon S3 User Guide): everybody, unconditionally. */
function isPublic({ Effect, Principal, Condition }: PolicyStatement): boolean {
  if (Effect !== 'Allow' || Condition !== undefined) return false;
  return Principal === '*' || [(Principal as { AWS?: string } | undefined)?.AWS ?? []].flat().includes('*');
}

const getBucketPolicy = operation<GetBucketPolicyCommandInput, GetBucketPolicyCommandOutput>({
  demands: onBucket('GetBucketPolicy'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (bucket.policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: bucket.name });
    return { Policy: bucket.policy };
  },
});

const deleteBucketPolicy = operation<DeleteBucketPolicyCommandInput, DeleteBucketPolicyCommandOutput>({
  demands: onBucket('DeleteBucketPolicy'),
  run(input, call) {
    delete bucketOf(input, call).policy;
    return {};
  },
});

export const bucketPolicyOperations = {
  PutBucketPolicy: putBucketPolicy,
  GetBucketPolicy: getBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
};
