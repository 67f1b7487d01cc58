import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = cloud.client(S3Client);
});
afterAll(() => cloud.close());

let made = 0;
async function newBucket(): Promise<string> {
  const Bucket = `bucket-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

describe('buckets', () => {
  it('lists what was created, and only to its owner', async () => {
    const Bucket = await newBucket();
    const stranger = cloud.client(S3Client, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });

    const own = await s3.send(new ListBucketsCommand({}));
    const others = await stranger.send(new ListBucketsCommand({}));

    expect(own.Buckets?.map(({ Name }) => Name)).toContain(Bucket);
    expect(others.Buckets ?? []).toEqual([]);
  });

  it.each(['ab', 'Upper', 'two..dots', '192.168.5.4', 'xn--name', 'name-s3alias', '-dash', `${'a'.repeat(64)}`])(
    'refuses the name %s',
    async (Bucket) => {
      await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'InvalidBucketName' });
    },
  );

  it('answers BucketAlreadyOwnedByYou outside us-east-1 and succeeds in it', async () => {
    const Bucket = 'taken-by-me';
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    const ireland = cloud.client(S3Client, { region: 'eu-west-1' });
    await ireland.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const again = ireland.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    await expect(again).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });

    const mine = await newBucket();
    await s3.send(new CreateBucketCommand({ Bucket: mine }));
  });

  it("answers BucketAlreadyExists for another account's bucket", async () => {
    const Bucket = await newBucket();
    const stranger = cloud.client(S3Client, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
    await expect(stranger.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketAlreadyExists',
    });
  });

  it('refuses a location constraint that is not the region of the endpoint', async () => {
    const ireland = cloud.client(S3Client, { region: 'eu-west-1' });
    const elsewhere = new CreateBucketCommand({
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    });
    await expect(ireland.send(elsewhere)).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
  });

  it('tells where a bucket is, from any region, and redirects everything else', async () => {
    const Bucket = 'in-frankfurt';
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
    await cloud
      .client(S3Client, { region: 'eu-central-1' })
      .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));

    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe('eu-central-1');
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'PermanentRedirect',
    });

    const here = await s3.send(new GetBucketLocationCommand({ Bucket: await newBucket() }));
    expect(here.LocationConstraint).toBeUndefined();
  });

  it('answers HeadBucket with the region, and 404 NotFound for a bucket that is not there', async () => {
    const Bucket = await newBucket();
    expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' });
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'nowhere-to-be' }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('deletes only an empty bucket', async () => {
    const Bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('answers NoSuchBucket once a bucket is deleted', async () => {
    const Bucket = await newBucket();
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('checks ExpectedBucketOwner', async () => {
    const Bucket = await newBucket();
    const call = s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '111111111111' }));
    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});

describe('bucket configuration', () => {
  it('gives new buckets the defaults of AWS: SSE-S3, all public access blocked, ACLs disabled', async () => {
    const Bucket = await newBucket();
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));

    expect(
      encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).toBe('AES256');
    expect(block.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    expect(ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced');
  });

  it('keeps encryption, but not with a KMS key that cannot exist', async () => {
    const Bucket = await newBucket();
    const withKey = (KMSMasterKeyID?: string) =>
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
        },
      });
    await s3.send(withKey());
    const { ServerSideEncryption } = await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(ServerSideEncryption).toBe('aws:kms');
    await expect(
      s3.send(withKey('arn:aws:kms:us-east-1:000000000000:key/0b1c2d3e-0000-0000-0000-000000000000')),
    ).rejects.toMatchObject({ name: 'KMS.NotFoundException' });
  });

  it('answers that there is no public access block after it was deleted', async () => {
    const Bucket = await newBucket();
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await expect(s3.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchPublicAccessBlockConfiguration',
    });
  });

  it('has no versioning status until one is set', async () => {
    const Bucket = await newBucket();
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  it('keeps lifecycle rules and says in its log that they are not executed', async () => {
    const Bucket = await newBucket();
    await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchLifecycleConfiguration',
    });
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }],
        },
      }),
    );
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([{ ID: 'old', Expiration: { Days: 30 } }]);
    expect(cloud.lines.join('\n')).toContain(`lifecycle rules of ${Bucket} are kept but not executed`);
  });

  it('keeps tags, and refuses 51 of them', async () => {
    const Bucket = await newBucket();
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchTagSet' });
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'a&b <c>' }] } }));
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toEqual([{ Key: 'team', Value: 'a&b <c>' }]);
    const many = Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
    await expect(s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: many } }))).rejects.toMatchObject({
      name: 'InvalidTag',
    });
  });

  it('keeps ownership controls', async () => {
    const Bucket = await newBucket();
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    const answer = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(answer.OwnershipControls).toEqual(OwnershipControls);
  });
});

describe('bucket policies', () => {
  const statement = (Bucket: string, more: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: '111111111111' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
          ...more,
        },
      ],
    });

  it('gives back what was put, and NoSuchBucketPolicy without one', async () => {
    const Bucket = await newBucket();
    const Policy = statement(Bucket, {});
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
  });

  it.each([
    ['text that is no JSON', () => 'nonsense'],
    ['broken JSON', () => '{'],
    ['no principal', (Bucket: string) => statement(Bucket, { Principal: undefined })],
    ['a resource outside the bucket', (Bucket: string) => statement(Bucket, { Resource: 'arn:aws:s3:::other/*' })],
  ])('refuses %s as MalformedPolicy', async (_, policyOf) => {
    const Bucket = await newBucket();
    const put = s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(Bucket) }));
    await expect(put).rejects.toMatchObject({ name: 'MalformedPolicy' });
  });

  it('refuses a public policy while public policies are blocked', async () => {
    const Bucket = await newBucket();
    const put = new PutBucketPolicyCommand({ Bucket, Policy: statement(Bucket, { Principal: '*' }) });
    await expect(s3.send(put)).rejects.toMatchObject({ name: 'AccessDenied' });
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
    );
    await s3.send(put);
  });

  it('lets another account read only where the policy says so', async () => {
    const Bucket = await newBucket();
    const stranger = cloud.client(S3Client, { credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' } });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'shared' }));
    const read = () => stranger.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    await expect(read()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });

    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: statement(Bucket, {}) }));
    expect(await (await read()).Body?.transformToString()).toBe('shared');
    await expect(stranger.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('denies what the policy denies, to the owner too', async () => {
    const Bucket = await newBucket();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    const Policy = statement(Bucket, { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject' });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('identity policies', () => {
  it('tells only those who may list the bucket that a key is not there', async () => {
    const Bucket = await newBucket();
    const reader = async (UserName: string, Action: string[]) => {
      const iam = cloud.client(IAMClient);
      const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action, Resource }],
      });
      await iam.send(new CreateUserCommand({ UserName }));
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'read', PolicyDocument }));
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
      return cloud.client(S3Client, { credentials: { accessKeyId, secretAccessKey } });
    };
    const missing = new GetObjectCommand({ Bucket, Key: 'missing' });
    const plain = await reader('plain', ['s3:GetObject']);
    const lister = await reader('lister', ['s3:GetObject', 's3:ListBucket']);
    await expect(plain.send(missing)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(lister.send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
