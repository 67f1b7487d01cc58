import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
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
      beside: ['GetBucketLocation'],
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
    {
      operation: 'HeadBucket',
      beside: ['ListBuckets'],
      claim: 'knows the buckets that ListBuckets lists, and no others',
      source: reference('HeadBucket'),
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        await s3.send(new HeadBucketCommand({ Bucket }));
        const { Buckets } = await s3.send(new ListBucketsCommand({ Prefix: Bucket }));
        expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
        expect((await refusal(s3.send(new HeadBucketCommand({ Bucket: target.name() })))).name).toMatch(/NotFound/);
      },
    },
    {
      operation: 'GetBucketEncryption',
      beside: ['PutBucketEncryption', 'DeleteBucketEncryption'],
      claim: 'says SSE-S3 of a bucket nobody set up, and again when the setting is deleted',
      source: 'S3 User Guide, Setting default server-side encryption behavior for Amazon S3 buckets',
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const algorithm = async () => {
          const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
          return ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
        };
        expect(await algorithm()).toBe('AES256');
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }];
        const ServerSideEncryptionConfiguration = { Rules };
        await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
        await target.until(async () => expect(await algorithm()).toBe('aws:kms'));
        await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
        await target.until(async () => expect(await algorithm()).toBe('AES256'));
      },
    },
    {
      operation: 'GetPublicAccessBlock',
      beside: ['PutPublicAccessBlock', 'DeletePublicAccessBlock'],
      claim: 'blocks all of a new bucket, and knows no configuration once it is deleted',
      source: 'S3 User Guide, Blocking public access to your Amazon S3 storage',
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const get = async () =>
          (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
        const all = {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        };
        expect(await get()).toEqual(all);
        const some = { ...all, BlockPublicPolicy: false };
        await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: some }));
        await target.until(async () => expect(await get()).toEqual(some));
        await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
        await target.until(async () =>
          expect((await refusal(get())).name).toBe('NoSuchPublicAccessBlockConfiguration'),
        );
      },
    },
    {
      operation: 'GetBucketVersioning',
      claim: 'says nothing of a bucket that never had versions',
      source: reference('GetBucketVersioning'),
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
      },
    },
    {
      operation: 'PutBucketLifecycleConfiguration',
      beside: ['GetBucketLifecycleConfiguration', 'DeleteBucketLifecycle'],
      claim: 'keeps rules until they are deleted',
      source: reference('PutBucketLifecycleConfiguration'),
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const get = async () => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules;
        const rule = { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'logs/' }, Expiration: { Days: 30 } };
        await s3.send(
          new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }),
        );
        await target.until(async () => expect(await get()).toMatchObject([rule]));
        await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
        await target.until(async () => expect((await refusal(get())).name).toBe('NoSuchLifecycleConfiguration'));
      },
    },
    {
      operation: 'PutBucketTagging',
      beside: ['GetBucketTagging', 'DeleteBucketTagging'],
      claim: 'puts all tags anew',
      source: reference('PutBucketTagging'),
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const get = async () => (await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
        const put = (Key: string) =>
          s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key, Value: 'a' }] } }));
        await put('team');
        await put('stage');
        await target.until(async () => expect(await get()).toEqual([{ Key: 'stage', Value: 'a' }]));
        await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
        await target.until(async () => expect((await refusal(get())).name).toBe('NoSuchTagSet'));
      },
    },
    {
      operation: 'GetBucketOwnershipControls',
      beside: ['PutBucketOwnershipControls', 'DeleteBucketOwnershipControls'],
      claim: 'says BucketOwnerEnforced of a new bucket',
      source: 'S3 User Guide, Controlling ownership of objects and disabling ACLs for your bucket',
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const get = async () =>
          (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls?.Rules?.[0]
            ?.ObjectOwnership;
        expect(await get()).toBe('BucketOwnerEnforced');
        const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
        await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
        await target.until(async () => expect(await get()).toBe('BucketOwnerPreferred'));
        await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
        await target.until(async () => expect((await refusal(get())).name).toBe('OwnershipControlsNotFoundError'));
      },
    },
    {
      operation: 'PutBucketPolicy',
      beside: ['GetBucketPolicy', 'DeleteBucketPolicy'],
      claim: 'refuses resources of another bucket, and keeps a policy until it is deleted',
      source: 'S3 User Guide, Bucket policies for Amazon S3',
      async run(target) {
        const { s3, Bucket } = await bucket(target);
        const put = (name: string) => {
          const Principal = { AWS: `arn:aws:iam::${target.account}:root` };
          const Statement = [
            { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` },
          ];
          return s3.send(
            new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
          );
        };
        const get = async () => JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy as string);
        expect((await refusal(put(target.name()))).name).toBe('MalformedPolicy');
        await put(Bucket);
        await target.until(async () => expect((await get()).Statement).toHaveLength(1));
        await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
        await target.until(async () => expect((await refusal(get())).name).toBe('NoSuchBucketPolicy'));
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
  ],
};
