import { createHash, randomBytes } from 'node:crypto';
import type {
  AbortMultipartUploadCommandInput,
  AbortMultipartUploadCommandOutput,
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommandInput,
  CreateMultipartUploadCommandOutput,
  UploadPartCommandInput,
  UploadPartCommandOutput,
} from '@aws-sdk/client-s3';
import { type Call, operation } from '../../service.ts';
import { algorithmNamed, type Checksum, checkedChecksum, checksumMembers, digest, etagOf } from './checksum.ts';
import { checkWrite } from './conditions.ts';
import { onObject } from './demands.ts';
import { s3Error } from './errors.ts';
import { checkKey, describeObject } from './object-request.ts';
import { type Bucket, bucketOf, type MultipartUpload, type StoredObject, type UploadedPart } from './state.ts';
import { addVersion, currentObject, newVersionId, versionIdMember } from './versions.ts';

/** "Amazon S3 multipart upload limits": 5 MiB, except the last part; part numbers 1 to 10,000. */
const smallestPart = 5 * 1024 * 1024;
const mostParts = 10_000;

const createMultipartUpload = operation<CreateMultipartUploadCommandInput, CreateMultipartUploadCommandOutput>({
  demands: onObject('PutObject'),
  run(input, call) {
    const bucket = bucketOf(input, call);
    const key = checkKey(input.Key);
    const algorithm = input.ChecksumAlgorithm === undefined ? undefined : algorithmNamed(input.ChecksumAlgorithm);
    // Only CRC64NVME is a checksum of the whole object by default ("Checking object integrity").
    const checksumType = input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
    const upload: MultipartUpload = {
      ...describeObject(input, bucket),
      key,
      started: new Date(call.cloud.clock.now()),
      checksumAlgorithm: algorithm,
      checksumType,
      parts: new Map(),
    };
    const uploadId = randomBytes(48).toString('base64url');
    bucket.uploads.set(uploadId, upload);
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: uploadId,
      ServerSideEncryption: upload.encryption as CreateMultipartUploadCommandOutput['ServerSideEncryption'],
      ...(algorithm && { ChecksumAlgorithm: algorithm, ChecksumType: checksumType }),
    };
  },
});

function uploadOf(
  input: { Bucket: string | undefined; Key: string | undefined; UploadId: string | undefined },
  call: Call,
): { bucket: Bucket; upload: MultipartUpload } {
  const bucket = bucketOf(input, call);
  const upload = bucket.uploads.get(input.UploadId ?? '');
  if (!upload || upload.key !== input.Key) throw s3Error('NoSuchUpload', { UploadId: input.UploadId ?? '' });
  return { bucket, upload };
}

const uploadPart = operation<UploadPartCommandInput, UploadPartCommandOutput>({
  demands: onObject('PutObject'),
  async run(input, call) {
    const { upload } = uploadOf(input, call);
    const number = input.PartNumber ?? 0;
    if (number < 1 || number > mostParts) {
      throw s3Error(
        'InvalidArgument',
        { ArgumentName: 'partNumber', ArgumentValue: String(number) },
        `Part number must be an integer between 1 and ${mostParts}, inclusive`,
      );
    }
    const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
    const announced = input.ChecksumAlgorithm ?? upload.checksumAlgorithm;
    const checksum = await checkedChecksum({ ...input, ChecksumAlgorithm: announced }, body);
    if (upload.checksumAlgorithm && checksum && checksum.algorithm !== upload.checksumAlgorithm) {
      throw s3Error(
        'InvalidRequest',
        {},
        `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm.toLowerCase()}, actual checksum Type: ${checksum.algorithm.toLowerCase()}`,
      );
    }
    const part = { body, etag: etagOf(body), checksum, lastModified: new Date(call.cloud.clock.now()) };
    upload.parts.set(number, part);
    const { ChecksumType: _, ...sums } = checksumMembers(checksum);
    return {
      ETag: part.etag,
      ServerSideEncryption: upload.encryption as UploadPartCommandOutput['ServerSideEncryption'],
      ...sums,
    };
  },
});

const completeMultipartUpload = operation<CompleteMultipartUploadCommandInput, CompleteMultipartUploadCommandOutput>({
  demands: onObject('PutObject'),
  async run(input, call) {
    const { bucket, upload } = uploadOf(input, call);
    const parts = checkedParts(input.MultipartUpload?.Parts ?? [], upload);
    checkWrite(input, upload.key, currentObject(bucket, upload.key));
    const body = Buffer.concat(parts.map((part) => part.body));
    const md5s = Buffer.concat(parts.map((part) => Buffer.from(part.etag.replaceAll('"', ''), 'hex')));
    const { headers, metadata, storageClass, encryption, tags } = upload;
    const object: StoredObject = {
      headers,
      metadata,
      storageClass,
      encryption,
      tags: [...tags],
      versionId: newVersionId(bucket),
      lastModified: new Date(call.cloud.clock.now()),
      body,
      etag: `"${createHash('md5').update(md5s).digest('hex')}-${parts.length}"`,
      checksum: await checksumOf(upload, parts, body),
    };
    addVersion(bucket, upload.key, object);
    bucket.uploads.delete(input.UploadId ?? '');
    return {
      Location: `${call.cloud.endpoint}/${bucket.name}/${encodeURIComponent(upload.key)}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: object.etag,
      ServerSideEncryption: encryption as CompleteMultipartUploadCommandOutput['ServerSideEncryption'],
      ...checksumMembers(object.checksum),
      ...versionIdMember(bucket, object),
    };
  },
});

function checkedParts(listed: readonly CompletedPart[], upload: MultipartUpload): UploadedPart[] {
  if (listed.length === 0) throw s3Error('MalformedXML');
  const numbers = listed.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, i) => i > 0 && number <= (numbers[i - 1] ?? 0))) throw s3Error('InvalidPartOrder');
  return listed.map(({ PartNumber = 0, ETag = '' }, i) => {
    const part = upload.parts.get(PartNumber);
    if (!part || part.etag.replaceAll('"', '') !== ETag.replaceAll('"', '')) {
      throw s3Error('InvalidPart', { PartNumber: String(PartNumber), ETag });
    }
    if (i < listed.length - 1 && part.body.length < smallestPart) {
      throw s3Error('EntityTooSmall', {
        PartNumber: String(PartNumber),
        ProposedSize: String(part.body.length),
        MinSizeAllowed: String(smallestPart),
      });
    }
    return part;
  });
}

async function checksumOf(
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  body: Buffer,
): Promise<Checksum | undefined> {
  if (upload.checksumAlgorithm === undefined) return undefined;
  const algorithm = algorithmNamed(upload.checksumAlgorithm);
  if (upload.checksumType === 'FULL_OBJECT') {
    return { algorithm, value: (await digest(algorithm, body)).toString('base64'), type: 'FULL_OBJECT' };
  }
  const sums = Buffer.concat(parts.map((part) => Buffer.from(part.checksum?.value ?? '', 'base64')));
  const value = (await digest(algorithm, sums)).toString('base64');
  return { algorithm, value: `${value}-${parts.length}`, type: 'COMPOSITE' };
}

const abortMultipartUpload = operation<AbortMultipartUploadCommandInput, AbortMultipartUploadCommandOutput>({
  demands: onObject('AbortMultipartUpload'),
  run(input, call) {
    const { bucket } = uploadOf(input, call);
    bucket.uploads.delete(input.UploadId ?? '');
    return {};
  },
});

export const multipartOperations = {
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};
