import type {
  CopyObjectCommandInput,
  CopyObjectCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandInput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
  StorageClass,
} from '@aws-sdk/client-s3';
import { type Call, operation } from '../../service.ts';
import { algorithmNamed, checkedChecksum, checksumMembers, digest, etagOf } from './checksum.ts';
import { checkRead, checkWrite, rangeOf } from './conditions.ts';
import { copySourceOf } from './copy-source.ts';
import { noSuchKey, objectDemand, onObject } from './demands.ts';
import { s3Error } from './errors.ts';
import { checkKey, describeObject, headersOf } from './object-request.ts';
import { type Bucket, bucketOf, type StoredObject } from './state.ts';
import { addVersion, currentObject, newVersionId, versionIdMember, versionOf } from './versions.ts';

type Encryption = PutObjectCommandOutput['ServerSideEncryption'];

const putObject = operation<PutObjectCommandInput, PutObjectCommandOutput>({
  demands: onObject('PutObject'),
  async run(input, call) {
    const bucket = bucketOf(input, call);
    const key = checkKey(input.Key);
    const description = describeObject(input, bucket);
    const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
    const checksum = await checkedChecksum(input, body);
    checkWrite(input, key, currentObject(bucket, key));
    const object: StoredObject = {
      ...description,
      versionId: newVersionId(bucket),
      lastModified: new Date(call.cloud.clock.now()),
      body,
      etag: etagOf(body),
      checksum,
    };
    addVersion(bucket, key, object);
    return {
      ETag: object.etag,
      ServerSideEncryption: object.encryption as Encryption,
      ...checksumMembers(checksum),
      ...versionIdMember(bucket, object),
    };
  },
});

type ReadInput = GetObjectCommandInput & HeadObjectCommandInput;

function read(input: ReadInput, call: Call): { bucket: Bucket; object: StoredObject } {
  const bucket = bucketOf(input, call);
  const key = checkKey(input.Key);
  const object = input.VersionId ? versionOf(bucket, key, input.VersionId) : currentObject(bucket, key);
  if (!object) throw noSuchKey(bucket, key, call);
  if (input.PartNumber !== undefined && input.PartNumber !== 1) throw s3Error('InvalidRange');
  checkRead(input, object);
  return { bucket, object };
}

/** The answer's headers; `range` leaves checksums of the whole object out, as S3 does. */
function headersOfAnswer(input: ReadInput, bucket: Bucket, object: StoredObject, isPart: boolean) {
  return {
    ...object.headers,
    ...(input.ResponseContentType && { ContentType: input.ResponseContentType }),
    ...(input.ResponseCacheControl && { CacheControl: input.ResponseCacheControl }),
    ...(input.ResponseContentDisposition && { ContentDisposition: input.ResponseContentDisposition }),
    ...(input.ResponseContentEncoding && { ContentEncoding: input.ResponseContentEncoding }),
    ...(input.ResponseContentLanguage && { ContentLanguage: input.ResponseContentLanguage }),
    AcceptRanges: 'bytes',
    ETag: object.etag,
    LastModified: object.lastModified,
    Metadata: object.metadata,
    ServerSideEncryption: object.encryption as Encryption,
    ...(object.storageClass !== 'STANDARD' && { StorageClass: object.storageClass as StorageClass }),
    ...(object.tags.length > 0 && { TagCount: object.tags.length }),
    ...(input.ChecksumMode === 'ENABLED' && !isPart && checksumMembers(object.checksum)),
    ...versionIdMember(bucket, object),
  };
}

type GetOutput = Omit<GetObjectCommandOutput, 'Body'> & { Body: Uint8Array };

const getObject = operation<GetObjectCommandInput, GetOutput>({
  demands: onObject('GetObject', 'GetObjectVersion'),
  run(input, call) {
    const { bucket, object } = read(input, call);
    const range = rangeOf(input.Range, object.body.length);
    const body = range ? object.body.subarray(range.start, range.end) : object.body;
    return {
      ...headersOfAnswer(input, bucket, object, range !== undefined),
      Body: body,
      ContentLength: body.length,
      ...(range && { ContentRange: `bytes ${range.start}-${range.end - 1}/${object.body.length}` }),
    };
  },
});

const headObject = operation<HeadObjectCommandInput, HeadObjectCommandOutput>({
  demands: onObject('GetObject', 'GetObjectVersion'),
  run(input, call) {
    const { bucket, object } = read(input, call);
    const range = rangeOf(input.Range, object.body.length);
    return {
      ...headersOfAnswer(input, bucket, object, range !== undefined),
      ContentLength: range ? range.end - range.start : object.body.length,
      ...(range && { ContentRange: `bytes ${range.start}-${range.end - 1}/${object.body.length}` }),
    };
  },
});

const copyObject = operation<CopyObjectCommandInput, CopyObjectCommandOutput>({
  demands(input, call) {
    const source = copySourceOf(input.CopySource, call);
    const readAction = source.versionId ? 'GetObjectVersion' : 'GetObject';
    return [
      objectDemand(source.bucket, readAction, source.key),
      objectDemand(bucketOf(input, call), 'PutObject', input.Key ?? ''),
    ];
  },
  async run(input, call) {
    const source = copySourceOf(input.CopySource, call);
    const bucket = bucketOf(input, call);
    const key = checkKey(input.Key);
    const from = source.versionId
      ? versionOf(source.bucket, source.key, source.versionId)
      : currentObject(source.bucket, source.key);
    if (!from) throw noSuchKey(source.bucket, source.key, call);
    checkCopySource(input, from);
    const replace = input.MetadataDirective === 'REPLACE';
    if (from === currentObject(bucket, key) && !replace && !input.StorageClass && !input.ServerSideEncryption) {
      throw s3Error(
        'InvalidRequest',
        {},
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    checkWrite(input, key, currentObject(bucket, key));
    const description = describeObject(input, bucket);
    const algorithm = input.ChecksumAlgorithm ? algorithmNamed(input.ChecksumAlgorithm) : undefined;
    const object: StoredObject = {
      ...description,
      headers: replace ? headersOf(input) : from.headers,
      metadata: replace ? description.metadata : from.metadata,
      tags: input.TaggingDirective === 'REPLACE' ? description.tags : [...from.tags],
      versionId: newVersionId(bucket),
      lastModified: new Date(call.cloud.clock.now()),
      body: from.body,
      etag: etagOf(from.body),
      checksum: algorithm
        ? { algorithm, value: (await digest(algorithm, from.body)).toString('base64'), type: 'FULL_OBJECT' }
        : from.checksum,
    };
    addVersion(bucket, key, object);
    return {
      CopyObjectResult: { ETag: object.etag, LastModified: object.lastModified, ...checksumMembers(object.checksum) },
      ServerSideEncryption: object.encryption as Encryption,
      ...(source.bucket.versioning && { CopySourceVersionId: from.versionId }),
      ...versionIdMember(bucket, object),
    };
  },
});

function checkCopySource(input: CopyObjectCommandInput, from: StoredObject): void {
  try {
    checkRead(
      {
        IfMatch: input.CopySourceIfMatch,
        IfNoneMatch: input.CopySourceIfNoneMatch,
        IfModifiedSince: input.CopySourceIfModifiedSince,
        IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
      },
      from,
    );
  } catch {
    // A copy has no "not modified": every condition on its source that does not hold is a 412 ("CopyObject").
    throw s3Error('PreconditionFailed');
  }
}

export const objectOperations = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  CopyObject: copyObject,
};
