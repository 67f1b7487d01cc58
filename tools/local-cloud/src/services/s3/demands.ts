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
  return (input: Input, call: Call): readonly Demand[] => [demand(bucketOf(input, call), action, '', context?.(input))];
}

/** The same for calls that S3 answers in every region. */
export function onBucketAnywhere<Input extends BucketInput>(action: string) {
  return (input: Input, call: Call): readonly Demand[] => [demand(anyRegionBucketOf(input, call), action, '')];
}

/** Demands one `s3:` action on the object the input's Key names; a version has an action of its own where one is given. */
export function onObject<Input extends BucketInput & { Key: string | undefined; VersionId?: string | undefined }>(
  action: string,
  versionAction: string = action,
) {
  return (input: Input, call: Call): readonly Demand[] => [
    objectDemand(bucketOf(input, call), input.VersionId ? versionAction : action, input.Key ?? ''),
  ];
}

export function objectDemand(bucket: Bucket, action: string, key: string): Demand {
  return demand(bucket, action, `/${key}`);
}

function demand(bucket: Bucket, action: string, path: string, context?: DemandContext): Demand {
  return {
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket.name}${path}`,
    resourcePolicy: policyOf(bucket),
    // S3's ARNs carry no account, so whose bucket it is has to be said.
    context: { ...context, 'aws:ResourceAccount': bucket.owner },
  };
}

/**
 * The error for a key that is not there: only who may list the bucket learns that, others get AccessDenied
 * ("GetObject", Amazon S3 API Reference, Permissions).
 */
export function noSuchKey(bucket: Bucket, key: string, call: Call): Error {
  try {
    call.cloud.authorize(call.caller, [demand(bucket, 'ListBucket', '')], { region: call.region, service: 's3' });
  } catch (denied) {
    return denied as Error;
  }
  return s3Error('NoSuchKey', { Key: key });
}
