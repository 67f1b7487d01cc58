import { randomBytes } from 'node:crypto';
import { s3Error } from './errors.ts';
import { type Bucket, isDeleteMarker, type ObjectVersion, type StoredObject } from './state.ts';

/** The version id a new version gets under the bucket's versioning state. */
export function newVersionId(bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
}

/** Puts a version in front of the key's others; a `null` version takes the place of an older `null` one. */
export function addVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
  const older = bucket.objects.get(key) ?? [];
  const kept = version.versionId === 'null' ? older.filter(({ versionId }) => versionId !== 'null') : older;
  bucket.objects.set(key, [version, ...kept]);
}

/** Removes one version for good; `undefined` when there is none of that id. */
export function removeVersion(bucket: Bucket, key: string, versionId: string): ObjectVersion | undefined {
  const versions = bucket.objects.get(key) ?? [];
  const removed = versions.find((version) => version.versionId === versionId);
  const left = versions.filter((version) => version !== removed);
  if (left.length > 0) bucket.objects.set(key, left);
  else bucket.objects.delete(key);
  return removed;
}

/** The object a read without a version id gets. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = bucket.objects.get(key)?.[0];
  return newest && !isDeleteMarker(newest) ? newest : undefined;
}

/** One version by id. Throws NoSuchVersion, and MethodNotAllowed for a delete marker ("Working with delete markers"). */
export function versionOf(bucket: Bucket, key: string, versionId: string): StoredObject {
  const version = bucket.objects.get(key)?.find((candidate) => candidate.versionId === versionId);
  if (!version) throw s3Error('NoSuchVersion', { Key: key, VersionId: versionId });
  if (isDeleteMarker(version)) {
    throw s3Error('MethodNotAllowed', { Method: 'GET', ResourceType: 'DeleteMarker' });
  }
  return version;
}

/** `{ VersionId }` for answers of a bucket that has, or had, versioning; S3 leaves it out elsewhere. */
export function versionIdMember(bucket: Bucket, version: { readonly versionId: string }): { VersionId?: string } {
  return bucket.versioning ? { VersionId: version.versionId } : {};
}
