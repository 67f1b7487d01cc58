import type { Call, Demand } from '../../service.ts';
import { s3Error } from './errors.ts';
import { anyRegionBucketOf, type Bucket, bucketOf, policyOf } from './state.ts';

interface BucketInput {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

type DemandContext = Record<string, string | readonly string[]>;

/** Demands one `s3:` action on the bucket itself. */
export function onBucket<Input extends BucketInput>(action: string, context?: (input: Input) => DemandContext) {
  return (input: Input, call: Call): readonly Demand[] => [
    demand(bucketOf(input, call), call, action, '', context?.(input)),
  ];
}

/** The same for calls that S3 answers in every region. */
export function onBucketAnywhere<Input extends BucketInput>(action: string) {
  return (input: Input, call: Call): readonly Demand[] => [demand(anyRegionBucketOf(input, call), call, action, '')];
}

/** Demands one `s3:` action on the object the input's Key names; a version has an action of its own where one is given. */
export function onObject<Input extends BucketInput & { Key: string | undefined; VersionId?: string | undefined }>(
  action: string,
  versionAction: string = action,
) {
  return (input: Input, call: Call): readonly Demand[] => [
    objectDemand(bucketOf(input, call), call, input.VersionId ? versionAction : action, input.Key ?? ''),
  ];
}

export function objectDemand(bucket: Bucket, call: Call, action: string, key: string): Demand {
  return demand(bucket, call, action, `/${key}`);
}

function demand(bucket: Bucket, call: Call, action: string, path: string, context?: DemandContext): Demand {
  // S3's ARNs carry no account: that another account needs the bucket's own consent is decided here.
  if (bucket.owner !== call.account && call.caller.type !== 'service' && bucket.policy === undefined) {
    throw s3Error('AccessDenied');
  }
  return {
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket.name}${path}`,
    resourcePolicy: policyOf(bucket),
    ...(context && { context }),
  };
}

/**
 * The error for a key that is not there: only who may list the bucket learns that, others get AccessDenied
 * ("GetObject", Amazon S3 API Reference, Permissions).
 */
export function noSuchKey(bucket: Bucket, key: string, call: Call): Error {
  try {
    call.cloud.authorize(call.caller, [demand(bucket, call, 'ListBucket', '')], { region: call.region, service: 's3' });
  } catch (denied) {
    return denied as Error;
  }
  return s3Error('NoSuchKey', { Key: key });
}
