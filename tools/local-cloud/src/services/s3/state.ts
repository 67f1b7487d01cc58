import type {
  LifecycleRule,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
  Tag,
} from '@aws-sdk/client-s3';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Cloud } from '../../service.ts';
import type { Checksum } from './checksum.ts';
import { s3Error } from './errors.ts';

/** The headers kept with an object and given back with it. */
export interface ObjectHeaders {
  ContentType: string;
  CacheControl?: string;
  ContentDisposition?: string;
  ContentEncoding?: string;
  ContentLanguage?: string;
  WebsiteRedirectLocation?: string;
}

export interface StoredObject {
  /** `null` (the word) while the bucket is not versioned. */
  readonly versionId: string;
  readonly lastModified: Date;
  readonly body: Buffer;
  /** With the quotes HTTP puts around it. */
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Record<string, string>;
  readonly storageClass: string;
  readonly encryption: string;
  readonly checksum: Checksum | undefined;
  tags: readonly Tag[];
}

/** What a delete leaves in a versioned bucket. */
export interface DeleteMarker {
  readonly versionId: string;
  readonly lastModified: Date;
  readonly deleteMarker: true;
}

export type ObjectVersion = StoredObject | DeleteMarker;

export interface UploadedPart {
  readonly body: Buffer;
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly lastModified: Date;
}

export interface MultipartUpload {
  readonly key: string;
  readonly started: Date;
  readonly headers: ObjectHeaders;
  readonly metadata: Record<string, string>;
  readonly storageClass: string;
  readonly encryption: string;
  readonly tags: readonly Tag[];
  readonly checksumAlgorithm: string | undefined;
  readonly checksumType: 'COMPOSITE' | 'FULL_OBJECT';
  readonly parts: Map<number, UploadedPart>;
}

export interface Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly created: Date;
  /** Absent until versioning was configured once; it can only be suspended afterwards. */
  versioning?: 'Enabled' | 'Suspended';
  encryption: readonly ServerSideEncryptionRule[];
  /** As it was put: GetBucketPolicy gives back the same text. */
  policy?: string;
  publicAccessBlock?: PublicAccessBlockConfiguration;
  ownership?: OwnershipControls;
  lifecycle?: { readonly rules: readonly LifecycleRule[]; readonly minimumSize: string };
  tags?: readonly Tag[];
  /** Per key its versions, newest first; never an empty list. */
  readonly objects: Map<string, ObjectVersion[]>;
  readonly uploads: Map<string, MultipartUpload>;
}

/** Bucket names are shared by all accounts and regions, so the buckets have one store. */
export function bucketsOf(cloud: Cloud): Map<string, Bucket> {
  return cloud.store('s3', 'global', 'global', () => ({ buckets: new Map<string, Bucket>() })).buckets;
}

interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The bucket a call names. Throws NoSuchBucket, PermanentRedirect (other region), AccessDenied (ExpectedBucketOwner). */
export function bucketOf(input: BucketInput, call: Call): Bucket {
  const bucket = anyRegionBucketOf(input, call);
  if (bucket.region !== call.region) {
    throw s3Error('PermanentRedirect', { Bucket: bucket.name, Endpoint: `s3.${bucket.region}.amazonaws.com` });
  }
  return bucket;
}

/** As {@link bucketOf}, for the calls that S3 answers in every region. */
export function anyRegionBucketOf(input: BucketInput, call: Call): Bucket {
  const name = input.Bucket ?? '';
  const bucket = bucketsOf(call.cloud).get(name);
  if (!bucket) throw s3Error('NoSuchBucket', { BucketName: name });
  if (input.ExpectedBucketOwner && input.ExpectedBucketOwner !== bucket.owner) throw s3Error('AccessDenied');
  return bucket;
}

export function policyOf(bucket: Bucket): PolicyDocument | undefined {
  return bucket.policy === undefined ? undefined : (JSON.parse(bucket.policy) as PolicyDocument);
}

export function isDeleteMarker(version: ObjectVersion): version is DeleteMarker {
  return 'deleteMarker' in version;
}
