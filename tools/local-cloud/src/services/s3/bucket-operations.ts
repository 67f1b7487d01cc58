import type {
  CreateBucketCommandInput,
  CreateBucketCommandOutput,
  DeleteBucketCommandInput,
  DeleteBucketCommandOutput,
  GetBucketLocationCommandInput,
  GetBucketLocationCommandOutput,
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from '@aws-sdk/client-s3';
import { operation } from '../../service.ts';
import { checkBucketName } from './bucket-name.ts';
import { onBucket, onBucketAnywhere } from './demands.ts';
import { s3Error, unsupported } from './errors.ts';
import { anyRegionBucketOf, bucketOf, bucketsOf } from './state.ts';
import { startMeasuring } from './storage-metrics.ts';

/** General purpose buckets per account ("Bucket quotas, restrictions and limitations", Amazon S3 User Guide). */
const bucketQuota = 10_000;

const createBucket = operation<CreateBucketCommandInput, CreateBucketCommandOutput>({
  demands: (input) => [{ action: 's3:CreateBucket', resource: `arn:aws:s3:::${input.Bucket}` }],
  run(input, call) {
    const name = input.Bucket ?? '';
    checkBucketName(name);
    checkLocation(input.CreateBucketConfiguration?.LocationConstraint, call.region);
    if (input.ObjectLockEnabledForBucket) throw unsupported('Object Lock', 'create the bucket without it');
    if (input.ACL && input.ACL !== 'private') throw aclsBlocked();
    const buckets = bucketsOf(call.cloud);
    const existing = buckets.get(name);
    if (existing && existing.owner !== call.account) throw s3Error('BucketAlreadyExists', { BucketName: name });
    const location = { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    if (existing) {
      // "Error responses": us-east-1 alone answers 200 when the bucket is the caller's already.
      if (call.region === 'us-east-1' && existing.region === 'us-east-1') return location;
      throw s3Error('BucketAlreadyOwnedByYou', { BucketName: name });
    }
    if ([...buckets.values()].filter((bucket) => bucket.owner === call.account).length >= bucketQuota) {
      throw s3Error('TooManyBuckets');
    }
    buckets.set(name, {
      name,
      owner: call.account,
      region: call.region,
      created: new Date(call.cloud.clock.now()),
      encryption: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      // "Default settings for new S3 buckets FAQ", Amazon S3 User Guide: since April 2023 both hold for every new bucket.
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      ownership: { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? 'BucketOwnerEnforced' }] },
      ...(input.CreateBucketConfiguration?.Tags && { tags: input.CreateBucketConfiguration.Tags }),
      objects: new Map(),
      uploads: new Map(),
    });
    startMeasuring(call.cloud);
    return location;
  },
});

function checkLocation(constraint: string | undefined, region: string): void {
  if (region === 'us-east-1' && constraint === undefined) return;
  if (constraint === region && region !== 'us-east-1') return;
  if (constraint === 'us-east-1') {
    throw s3Error('InvalidRequest', {}, 'The specified location-constraint is not valid');
  }
  throw s3Error(
    'IllegalLocationConstraintException',
    {},
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

function aclsBlocked(): Error {
  const code = 'InvalidBucketAclWithObjectOwnership';
  return unsupported(
    'bucket ACLs',
    `on AWS the default settings of new buckets refuse them too (${code}); use a bucket policy`,
  );
}

const deleteBucket = operation<DeleteBucketCommandInput, DeleteBucketCommandOutput>({
  demands: onBucket('DeleteBucket'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    if (bucket.objects.size > 0) {
      const versions = bucket.versioning
        ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : undefined;
      throw s3Error('BucketNotEmpty', { BucketName: bucket.name }, versions);
    }
    bucketsOf(call.cloud).delete(bucket.name);
    return {};
  },
});

const headBucket = operation<HeadBucketCommandInput, HeadBucketCommandOutput>({
  demands: onBucket('ListBucket'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    return { BucketRegion: bucket.region, BucketArn: `arn:aws:s3:::${bucket.name}`, AccessPointAlias: false };
  },
});

const listBuckets = operation<ListBucketsCommandInput, ListBucketsCommandOutput>({
  demands: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run(input, call) {
    const owned = [...bucketsOf(call.cloud).values()]
      .filter((bucket) => bucket.owner === call.account)
      .filter((bucket) => bucket.name.startsWith(input.Prefix ?? ''))
      .filter((bucket) => input.BucketRegion === undefined || bucket.region === input.BucketRegion)
      .filter((bucket) => input.ContinuationToken === undefined || bucket.name > decodeToken(input.ContinuationToken))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = owned.slice(0, input.MaxBuckets ?? bucketQuota);
    const last = page.at(-1);
    return {
      Owner: { ID: canonicalId(call.account) },
      Buckets: page.map(({ name, created, region }) => ({
        Name: name,
        CreationDate: created,
        BucketRegion: region,
        BucketArn: `arn:aws:s3:::${name}`,
      })),
      ...(input.Prefix !== undefined && { Prefix: input.Prefix }),
      ...(last && page.length < owned.length && { ContinuationToken: encodeToken(last.name) }),
    };
  },
});

const getBucketLocation = operation<GetBucketLocationCommandInput, GetBucketLocationCommandOutput>({
  demands: onBucketAnywhere('GetBucketLocation'),
  run(input, call) {
    const { region } = anyRegionBucketOf(input, call);
    // us-east-1 is the absence of a constraint.
    return region === 'us-east-1'
      ? {}
      : { LocationConstraint: region as NonNullable<GetBucketLocationCommandOutput['LocationConstraint']> };
  },
});

/** S3's 64-character name for an account. */
export function canonicalId(account: string): string {
  return account.padStart(64, '0');
}

/** Continuation tokens are opaque to clients: the last key or name given, in base64url. */
export function encodeToken(last: string): string {
  return Buffer.from(last).toString('base64url');
}

export function decodeToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

export const bucketOperations = {
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  HeadBucket: headBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
};
