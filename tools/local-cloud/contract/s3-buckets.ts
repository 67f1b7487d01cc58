import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bucket, reference } from './s3-support.ts';

/** Claims about buckets and what they are set to. */
export const bucketClaims: readonly Claim[] = [
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
      await target.until(async () => expect((await refusal(get())).name).toBe('NoSuchPublicAccessBlockConfiguration'));
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
      await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
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
        const Statement = [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${name}/*` }];
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
];
