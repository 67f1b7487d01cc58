import type { Tag } from '@aws-sdk/client-s3';
import { encryptionFor } from './encryption.ts';
import { s3Error, unsupported } from './errors.ts';
import type { Bucket, ObjectHeaders } from './state.ts';
import { tagsOfHeader } from './tags.ts';

/** What PutObject, CopyObject and CreateMultipartUpload say about the object to come. */
export interface ObjectRequest {
  readonly ACL?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly StorageClass?: string | undefined;
  readonly Tagging?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

export interface ObjectDescription {
  readonly headers: ObjectHeaders;
  readonly metadata: Record<string, string>;
  readonly storageClass: string;
  readonly encryption: string;
  readonly tags: Tag[];
}

/** "Object keys": 1 to 1,024 bytes of UTF-8 (Amazon S3 User Guide, object-keys.html). */
export function checkKey(key: string | undefined): string {
  const size = Buffer.byteLength(key ?? '');
  if (size > 1024) throw s3Error('KeyTooLongError', { Size: String(size), MaxSizeAllowed: '1024' });
  return key ?? '';
}

/** Throws MetadataTooLarge, AccessControlListNotSupported, InvalidTag, … before anything is stored. */
export function describeObject(input: ObjectRequest, bucket: Bucket): ObjectDescription {
  checkAcl(input.ACL, bucket);
  if (input.ObjectLockMode || input.ObjectLockLegalHoldStatus) {
    throw s3Error('InvalidRequest', {}, 'Bucket is missing Object Lock Configuration');
  }
  const metadata = { ...input.Metadata };
  // "User-defined object metadata": 2 KB, the sum of the bytes of all keys and values.
  const size = Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
  if (size > 2048) throw s3Error('MetadataTooLarge', { Size: String(size), MaxSizeAllowed: '2048' });
  return {
    headers: headersOf(input),
    metadata,
    storageClass: input.StorageClass ?? 'STANDARD',
    encryption: encryptionFor(input, bucket),
    tags: tagsOfHeader(input.Tagging),
  };
}

export function headersOf(input: ObjectRequest): ObjectHeaders {
  return {
    ContentType: input.ContentType ?? 'binary/octet-stream',
    ...(input.CacheControl && { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition && { ContentDisposition: input.ContentDisposition }),
    ...(input.ContentEncoding && { ContentEncoding: input.ContentEncoding }),
    ...(input.ContentLanguage && { ContentLanguage: input.ContentLanguage }),
    ...(input.WebsiteRedirectLocation && { WebsiteRedirectLocation: input.WebsiteRedirectLocation }),
  };
}

/** ACLs that say nothing new are accepted also where ACLs are disabled ("Controlling ownership of objects"). */
function checkAcl(acl: string | undefined, bucket: Bucket): void {
  if (acl === undefined || acl === 'private' || acl === 'bucket-owner-full-control') return;
  if (bucket.ownership?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced') {
    throw s3Error('AccessControlListNotSupported');
  }
  throw unsupported(`the object ACL ${acl}`, 'use a bucket policy');
}
