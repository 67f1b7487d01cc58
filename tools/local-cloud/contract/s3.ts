import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { s3 as service } from '../src/services/s3/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `S3 API Reference, ${operation}`;

async function bucket(target: Target) {
  const s3 = target.client(S3Client);
  const Bucket = target.name();
  const { region } = target;
  const elsewhere =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  target.afterwards(() => s3.send(new DeleteBucketCommand({ Bucket })));
  target.afterwards(async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  });
  const put = (Key: string, Body: string, more = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = async (Key: string, more = {}) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Body?.transformToString();
  };
  return { s3, Bucket, put, get };
}

export const s3: Contract = {
  service,
  claims: [
    {
      operation: 'CreateBucket',
      claim: 'makes a bucket where the client is',
      source: reference('GetBucketLocation'),
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
        expect(LocationConstraint ?? 'us-east-1').toBe(target.region);
      },
    },
    {
      operation: 'CreateBucket',
      claim: 'refuses a name with capitals',
      source: 'S3 User Guide, General purpose bucket naming rules',
      async run(target) {
        const call = new CreateBucketCommand({ Bucket: target.name().toUpperCase() });
        expect((await refusal(target.client(S3Client).send(call))).name).toBe('InvalidBucketName');
      },
    },
    {
      operation: 'DeleteBucket',
      claim: 'refuses a bucket that holds something',
      source: reference('DeleteBucket'),
      async run(target) {
        const { s3, Bucket, put } = await bucket(target);
        await put('a', 'a');
        expect((await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).name).toBe('BucketNotEmpty');
      },
    },
    {
      operation: 'GetObject',
      claim: 'gives bytes, type and metadata back, whole or in ranges',
      source: reference('GetObject'),
      async run(target) {
        const { s3, Bucket, put, get } = await bucket(target);
        await put('a/b c+ü', 'hello', { ContentType: 'text/plain', Metadata: { team: 'a' } });
        expect(await get('a/b c+ü')).toBe('hello');
        expect(await get('a/b c+ü', { Range: 'bytes=1-3' })).toBe('ell');
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/b c+ü' }));
        expect(head).toMatchObject({ ContentType: 'text/plain', ContentLength: 5, Metadata: { team: 'a' } });
      },
    },
    {
      operation: 'GetObject',
      claim: 'does not know a key that is not there',
      source: reference('GetObject'),
      async run(target) {
        const { get } = await bucket(target);
        expect((await refusal(get('nothing'))).name).toBe('NoSuchKey');
      },
    },
    {
      operation: 'GetObject',
      claim: 'refuses a range beyond the end',
      source: 'S3 API Reference, Error responses',
      async run(target) {
        const { put, get } = await bucket(target);
        await put('a', 'hello');
        expect((await refusal(get('a', { Range: 'bytes=9-' }))).name).toBe('InvalidRange');
      },
    },
    {
      operation: 'PutObject',
      claim: 'writes only what is not there yet when If-None-Match says so',
      source: 'S3 User Guide, How to prevent object overwrites with conditional writes',
      async run(target) {
        const { put, get } = await bucket(target);
        await put('a', 'first', { IfNoneMatch: '*' });
        expect((await refusal(put('a', 'second', { IfNoneMatch: '*' }))).name).toBe('PreconditionFailed');
        expect(await get('a')).toBe('first');
      },
    },
    {
      operation: 'PutObject',
      claim: 'refuses a key of more than 1,024 bytes',
      limit: '1,024 bytes a key',
      source: 'S3 User Guide, Naming Amazon S3 objects',
      async run(target) {
        const { put } = await bucket(target);
        await put('k'.repeat(1024), 'a');
        expect((await refusal(put('k'.repeat(1025), 'a'))).name).toBe('KeyTooLongError');
      },
    },
    {
      operation: 'ListObjectsV2',
      claim: 'pages in the order of keys and folds what a delimiter divides',
      source: reference('ListObjectsV2'),
      async run(target) {
        const { s3, Bucket, put } = await bucket(target);
        for (const key of ['a/1', 'a/2', 'b', 'c']) await put(key, key);
        const first = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
        expect(first.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
        const ContinuationToken = first.NextContinuationToken;
        const second = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken }));
        expect(second.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c']);
        const folded = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }));
        expect(folded.CommonPrefixes).toEqual([{ Prefix: 'a/' }]);
      },
    },
    {
      operation: 'PutBucketVersioning',
      claim: 'keeps what is overwritten or deleted',
      source: 'S3 User Guide, How S3 Versioning works',
      async run(target) {
        const { s3, Bucket, put, get } = await bucket(target);
        await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
        const { VersionId } = await put('a', 'first');
        await put('a', 'second');
        const { DeleteMarker } = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
        expect(DeleteMarker).toBe(true);
        expect((await refusal(get('a'))).name).toBe('NoSuchKey');
        expect(await get('a', { VersionId })).toBe('first');
      },
    },
    {
      operation: 'CompleteMultipartUpload',
      claim: 'refuses parts of less than 5 MiB, the last one apart',
      limit: '5 MiB a part',
      source: 'S3 User Guide, Multipart upload limits',
      async run(target) {
        const { s3, Bucket, get } = await bucket(target);
        const upload = async (sizes: readonly number[]) => {
          const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
          const Parts = [];
          for (const [i, size] of sizes.entries()) {
            const part = { Bucket, Key: 'big', UploadId, PartNumber: i + 1 };
            const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: Buffer.alloc(size, 'x') }));
            Parts.push({ ETag, PartNumber: i + 1 });
          }
          const complete = { Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } };
          return { UploadId, done: s3.send(new CompleteMultipartUploadCommand(complete)) };
        };
        const small = await upload([100, 1]);
        expect((await refusal(small.done)).name).toBe('EntityTooSmall');
        await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId: small.UploadId }));
        await (await upload([5 * 1024 * 1024, 1])).done;
        expect((await get('big'))?.length).toBe(5 * 1024 * 1024 + 1);
      },
    },
    {
      operation: 'DeleteObjects',
      claim: 'says nothing against keys that are not there',
      source: reference('DeleteObjects'),
      async run(target) {
        const { s3, Bucket, put } = await bucket(target);
        await put('a', 'a');
        const Delete = { Objects: [{ Key: 'a' }, { Key: 'b' }] };
        const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
        expect(Deleted?.map(({ Key }) => Key).sort()).toEqual(['a', 'b']);
        expect(Errors ?? []).toEqual([]);
      },
    },
  ],
};
