import type {
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  ObjectVersionStorageClass,
  StorageClass,
} from '@aws-sdk/client-s3';
import { operation } from '../../service.ts';
import { canonicalId, decodeToken, encodeToken } from './bucket-operations.ts';
import { onBucket } from './demands.ts';
import { byBytes, encoder, entriesOf, maxKeysOf, pageOf } from './list-page.ts';
import { type Bucket, bucketOf, isDeleteMarker, type ObjectVersion, type StoredObject } from './state.ts';
import { currentObject } from './versions.ts';

interface ListInput {
  readonly Bucket: string | undefined;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}

/** The condition keys that policies test to limit listings. */
const listContext = (input: ListInput) => ({
  ...(input.Prefix !== undefined && { 's3:prefix': input.Prefix }),
  ...(input.Delimiter !== undefined && { 's3:delimiter': input.Delimiter }),
  ...(input.MaxKeys !== undefined && { 's3:max-keys': String(input.MaxKeys) }),
});

const listObjectsV2 = operation<ListObjectsV2CommandInput, ListObjectsV2CommandOutput>({
  demands: onBucket('ListBucket', listContext),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const { Prefix = '', Delimiter } = input;
    const maxKeys = maxKeysOf(input.MaxKeys);
    const encode = encoder(input.EncodingType);
    const after = input.ContinuationToken ? decodeToken(input.ContinuationToken) : (input.StartAfter ?? '');
    const { page, truncated } = pageOf(entriesOf(objectsAfter(bucket, after, Delimiter), Prefix, Delimiter), maxKeys);
    const last = page.at(-1);
    return {
      Name: bucket.name,
      Prefix: encode(Prefix),
      ...(Delimiter && { Delimiter: encode(Delimiter) }),
      MaxKeys: maxKeys,
      KeyCount: page.length,
      IsTruncated: truncated,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      ...(input.ContinuationToken && { ContinuationToken: input.ContinuationToken }),
      ...(input.StartAfter && { StartAfter: encode(input.StartAfter) }),
      ...(truncated && last && { NextContinuationToken: encodeToken('key' in last ? last.key : last.prefix) }),
      Contents: page.flatMap((entry) =>
        'key' in entry
          ? {
              Key: encode(entry.key),
              LastModified: entry.item.lastModified,
              ETag: entry.item.etag,
              Size: entry.item.body.length,
              StorageClass: entry.item.storageClass as StorageClass as 'STANDARD',
              ...(entry.item.checksum && {
                ChecksumAlgorithm: [entry.item.checksum.algorithm],
                ChecksumType: entry.item.checksum.type,
              }),
              ...(input.FetchOwner && { Owner: { ID: canonicalId(bucket.owner) } }),
            }
          : [],
      ),
      CommonPrefixes: page.flatMap((entry) => ('prefix' in entry ? { Prefix: encode(entry.prefix) } : [])),
    };
  },
});

/** Current objects behind a key in listing order; a rolled-up prefix as start leaves out all it stands for. */
function* objectsAfter(
  bucket: Bucket,
  after: string,
  delimiter: string | undefined,
): Generator<readonly [string, StoredObject]> {
  const skipped = delimiter && after.endsWith(delimiter) ? after : undefined;
  for (const key of [...bucket.objects.keys()].sort(byBytes)) {
    if (after !== '' && byBytes(key, after) <= 0) continue;
    if (skipped && key.startsWith(skipped)) continue;
    const object = currentObject(bucket, key);
    if (object) yield [key, object];
  }
}

const listObjectVersions = operation<ListObjectVersionsCommandInput, ListObjectVersionsCommandOutput>({
  demands: onBucket('ListBucketVersions', listContext),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const { Prefix = '', Delimiter } = input;
    const maxKeys = maxKeysOf(input.MaxKeys);
    const encode = encoder(input.EncodingType);
    const versions = versionsAfter(bucket, input.KeyMarker ?? '', input.VersionIdMarker, Delimiter);
    const { page, truncated } = pageOf(entriesOf(versions, Prefix, Delimiter), maxKeys);
    const last = page.at(-1);
    const lines = page.flatMap((entry) => ('key' in entry ? [{ key: entry.key, ...entry.item }] : []));
    const described = ({ key, latest, version }: (typeof lines)[number]) => ({
      Key: encode(key),
      VersionId: version.versionId,
      IsLatest: latest,
      LastModified: version.lastModified,
      Owner: { ID: canonicalId(bucket.owner) },
    });
    return {
      Name: bucket.name,
      Prefix: encode(Prefix),
      ...(Delimiter && { Delimiter: encode(Delimiter) }),
      MaxKeys: maxKeys,
      IsTruncated: truncated,
      ...(input.EncodingType && { EncodingType: input.EncodingType }),
      KeyMarker: encode(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      ...(truncated && last && nextMarkers(last, encode)),
      Versions: lines.flatMap((line) =>
        isDeleteMarker(line.version)
          ? []
          : {
              ...described(line),
              ETag: line.version.etag,
              Size: line.version.body.length,
              StorageClass: line.version.storageClass as ObjectVersionStorageClass,
            },
      ),
      DeleteMarkers: lines.filter(({ version }) => isDeleteMarker(version)).map(described),
      CommonPrefixes: page.flatMap((entry) => ('prefix' in entry ? { Prefix: encode(entry.prefix) } : [])),
    };
  },
});

interface Line {
  readonly version: ObjectVersion;
  readonly latest: boolean;
}

function nextMarkers(
  last: { key: string; item: Line } | { prefix: string },
  encode: (text: string) => string,
): { NextKeyMarker: string; NextVersionIdMarker?: string } {
  if ('prefix' in last) return { NextKeyMarker: encode(last.prefix) };
  return { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.item.version.versionId };
}

function* versionsAfter(
  bucket: Bucket,
  keyMarker: string,
  versionMarker: string | undefined,
  delimiter: string | undefined,
): Generator<readonly [string, Line]> {
  const skipped = delimiter && keyMarker.endsWith(delimiter) ? keyMarker : undefined;
  for (const key of [...bucket.objects.keys()].sort(byBytes)) {
    const order = keyMarker === '' ? 1 : byBytes(key, keyMarker);
    if (order < 0 || (order === 0 && !versionMarker) || (skipped && key.startsWith(skipped))) continue;
    const versions = bucket.objects.get(key) ?? [];
    const from = order === 0 ? versions.findIndex(({ versionId }) => versionId === versionMarker) + 1 : 0;
    for (const [i, version] of versions.entries()) {
      if (i >= from) yield [key, { version, latest: i === 0 }];
    }
  }
}

export const listOperations = { ListObjectsV2: listObjectsV2, ListObjectVersions: listObjectVersions };
