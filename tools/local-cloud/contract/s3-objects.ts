import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bucket, reference } from './s3-support.ts';

/** Claims about objects. */
export const objectClaims: readonly Claim[] = [
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
  {
    operation: 'HeadObject',
    claim: 'does not know a key that is not there, and can not say so in a body',
    source: reference('HeadObject'),
    async run(target) {
      const { s3, Bucket } = await bucket(target);
      const call = s3.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }));
      expect((await refusal(call)).name).toMatch(/NotFound/);
    },
  },
  {
    operation: 'CopyObject',
    claim: 'copies bytes and metadata within S3',
    source: reference('CopyObject'),
    async run(target) {
      const { s3, Bucket, put, get } = await bucket(target);
      await put('a', 'hello', { Metadata: { team: 'a' } });
      await s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
      expect(await get('b')).toBe('hello');
      const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'b' }));
      expect(Metadata).toEqual({ team: 'a' });
    },
  },
  {
    operation: 'PutObjectTagging',
    beside: ['GetObjectTagging', 'DeleteObjectTagging'],
    claim: 'keeps tags until they are deleted',
    source: reference('PutObjectTagging'),
    async run(target) {
      const { s3, Bucket, put } = await bucket(target);
      await put('a', 'a');
      const object = { Bucket, Key: 'a' };
      const get = async () => (await s3.send(new GetObjectTaggingCommand(object))).TagSet;
      const TagSet = [{ Key: 'team', Value: 'a' }];
      await s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }));
      expect(await get()).toEqual(TagSet);
      await s3.send(new DeleteObjectTaggingCommand(object));
      expect(await get()).toEqual([]);
    },
  },
  {
    operation: 'PutObjectTagging',
    claim: 'refuses eleven tags',
    limit: '10 tags an object',
    source: 'S3 User Guide, Categorizing your objects using tags',
    async run(target) {
      const { s3, Bucket, put } = await bucket(target);
      await put('a', 'a');
      const TagSet = Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: 'a' }));
      const call = new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet } });
      expect((await refusal(s3.send(call))).name).toMatch(/BadRequest|InvalidTag/);
    },
  },
  {
    operation: 'DeleteObject',
    beside: ['ListObjectVersions'],
    claim: 'leaves a marker among the versions of a bucket that has them',
    source: 'S3 User Guide, Working with delete markers',
    async run(target) {
      const { s3, Bucket, put } = await bucket(target);
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
      await put('a', 'a');
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      expect([Versions?.map((one) => one.IsLatest), DeleteMarkers?.map((one) => one.IsLatest)]).toEqual([
        [false],
        [true],
      ]);
    },
  },
  {
    operation: 'AbortMultipartUpload',
    beside: ['CreateMultipartUpload', 'UploadPart'],
    claim: 'ends the upload: further parts are refused',
    source: reference('AbortMultipartUpload'),
    async run(target) {
      const { s3, Bucket } = await bucket(target);
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
      const upload = { Bucket, Key: 'big', UploadId };
      const part = () => s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: Buffer.from('a') }));
      await part();
      await s3.send(new AbortMultipartUploadCommand(upload));
      expect((await refusal(part())).name).toBe('NoSuchUpload');
    },
  },
];
