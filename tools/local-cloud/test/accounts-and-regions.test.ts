import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { keysOfNewUser } from './users.ts';

const [home, away] = ['111111111111', '222222222222'];
const rootOf = (accessKeyId: string) => ({ credentials: { accessKeyId, secretAccessKey: 'test' } });

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
/** A user of the account at home. */
let visitor: { credentials: { accessKeyId: string; secretAccessKey: string } };
const visitorArn = `arn:aws:iam::${home}:user/visitor`;

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

beforeAll(async () => {
  cloud = await startTestCloud();
  visitor = { credentials: await keysOfNewUser(cloud.client(IAMClient, rootOf(home)), 'visitor') };
});
afterAll(() => cloud.close());

const allowVisitor = (Action: string, Resource: string) =>
  cloud.client(IAMClient, rootOf(home)).send(
    new PutUserPolicyCommand({
      UserName: 'visitor',
      PolicyName: Action.replace(':', '-'),
      PolicyDocument: document({ Effect: 'Allow', Action, Resource }),
    }),
  );

describe('across accounts', () => {
  const RoleArn = `arn:aws:iam::${away}:role/Guest`;
  const take = (region = 'us-east-1') =>
    cloud.client(STSClient, { ...visitor, region }).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'visit' }));

  test('a role is taken when both sides allow it, and works in its own account, in every region', async () => {
    const iam = cloud.client(IAMClient, rootOf(away));
    const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${home}:root` }, Action: 'sts:AssumeRole' };
    await iam.send(new CreateRoleCommand({ RoleName: 'Guest', AssumeRolePolicyDocument: document(trust) }));
    const PolicyDocument = document({ Effect: 'Allow', Action: 'ssm:*', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: 'Guest', PolicyName: 'ssm', PolicyDocument }));
    await expect(take()).rejects.toThrow(`User: ${visitorArn} is not authorized to perform: sts:AssumeRole`);
    await allowVisitor('sts:AssumeRole', RoleArn);
    const { Credentials } = await take('eu-west-1');
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const session = { credentials };
    expect((await cloud.client(STSClient, session).send(new GetCallerIdentityCommand({}))).Account).toBe(away);

    const Name = '/visited';
    const inRegion = (region: string) => cloud.client(SSMClient, { ...session, region });
    for (const region of ['us-east-1', 'eu-west-1']) {
      await inRegion(region).send(new PutParameterCommand({ Name, Value: region, Type: 'String' }));
    }
    const value = async (client: SSMClient) => (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    expect([await value(inRegion('us-east-1')), await value(inRegion('eu-west-1'))]).toEqual([
      'us-east-1',
      'eu-west-1',
    ]);
    await expect(value(inRegion('eu-central-1'))).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(value(cloud.client(SSMClient, rootOf(home)))).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test("a bucket's object is read when the bucket's policy and the reader's both allow it", async () => {
    const owner = cloud.client(S3Client, rootOf(away));
    const object = { Bucket: 'shared-bucket', Key: 'key' };
    await owner.send(new CreateBucketCommand({ Bucket: object.Bucket }));
    await owner.send(new PutObjectCommand({ ...object, Body: 'shared' }));
    const read = () => cloud.client(S3Client, visitor).send(new GetObjectCommand(object));
    const Resource = 'arn:aws:s3:::shared-bucket/*';

    await allowVisitor('s3:GetObject', Resource);
    await expect(read()).rejects.toThrow('because no resource-based policy allows the s3:GetObject action');
    const statement = { Effect: 'Allow', Principal: { AWS: visitorArn }, Action: 's3:GetObject', Resource };
    await owner.send(new PutBucketPolicyCommand({ Bucket: object.Bucket, Policy: document(statement) }));
    expect(await (await read()).Body?.transformToString()).toBe('shared');
    await allowVisitor('s3:GetObject', 'arn:aws:s3:::another-bucket/*');
    await expect(read()).rejects.toThrow('because no identity-based policy allows the s3:GetObject action');
  });
});
