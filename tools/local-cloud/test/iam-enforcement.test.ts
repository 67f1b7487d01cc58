import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const account = '000000000000';
const allow = (Action: string, Resource = '*', more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let root: IAMClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  root = cloud.client(IAMClient);
  const trust = document({
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  await root.send(new CreateRoleCommand({ RoleName: 'Any', AssumeRolePolicyDocument: trust }));
});
afterAll(() => cloud.close());

/** A client of a new user with these inline policies. */
async function userWith(UserName: string, ...policies: string[]) {
  await root.send(new CreateUserCommand({ UserName }));
  for (const [i, PolicyDocument] of policies.entries()) {
    await root.send(new PutUserPolicyCommand({ UserName, PolicyName: `p${i}`, PolicyDocument }));
  }
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  return { iam: cloud.client(IAMClient, { credentials }), credentials };
}

const getRole = new GetRoleCommand({ RoleName: 'Any' });
const denied = (user: string, why: string) => ({
  name: 'AccessDenied',
  message: `User: arn:aws:iam::${account}:user/${user} is not authorized to perform: iam:GetRole on resource: arn:aws:iam::${account}:role/Any ${why}`,
  $metadata: { httpStatusCode: 403 },
});

describe('a user', () => {
  test('may do nothing without policies', async () => {
    const { iam } = await userWith('none');
    await expect(iam.send(getRole)).rejects.toMatchObject(
      denied('none', 'because no identity-based policy allows the iam:GetRole action'),
    );
  });

  test('may do what an inline policy allows, on what it names', async () => {
    const { iam } = await userWith('inline', document(allow('iam:GetRole', `arn:aws:iam::${account}:role/A*`)));
    expect((await iam.send(getRole)).Role?.RoleName).toBe('Any');
    await expect(iam.send(new GetRoleCommand({ RoleName: 'Other' }))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('may not do what is denied as well', async () => {
    const { iam } = await userWith(
      'denied',
      document(allow('*')),
      document({ Effect: 'Deny', Action: 'iam:Get*', Resource: '*' }),
    );
    await expect(iam.send(getRole)).rejects.toMatchObject(
      denied('denied', 'with an explicit deny in an identity-based policy'),
    );
  });

  test('is kept within its boundary', async () => {
    const { iam } = await userWith('bounded', document(allow('*')));
    const boundary = 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly';
    await root.send(new PutUserPermissionsBoundaryCommand({ UserName: 'bounded', PermissionsBoundary: boundary }));
    await expect(iam.send(getRole)).rejects.toMatchObject(
      denied('bounded', 'because no permissions boundary allows the iam:GetRole action'),
    );
  });

  test('has what its groups and managed policies allow', async () => {
    const { iam } = await userWith('member');
    await root.send(new CreateGroupCommand({ GroupName: 'readers' }));
    const reading = document(allow('iam:GetRole'));
    await root.send(new PutGroupPolicyCommand({ GroupName: 'readers', PolicyName: 'p', PolicyDocument: reading }));
    await root.send(new AddUserToGroupCommand({ GroupName: 'readers', UserName: 'member' }));
    expect((await iam.send(getRole)).Role?.RoleName).toBe('Any');
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await root.send(new AttachUserPolicyCommand({ UserName: 'member', PolicyArn }));
    expect((await iam.send(new ListUsersCommand({}))).Users?.length).toBeGreaterThan(0);
  });

  test('may tag as its own tags and the request say', async () => {
    const { iam } = await userWith(
      'tagging',
      document(
        allow('iam:TagUser', `arn:aws:iam::${account}:user/\${aws:username}`, {
          Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
        }),
      ),
    );
    const tag = (UserName: string, Key: string) =>
      iam.send(new TagUserCommand({ UserName, Tags: [{ Key, Value: 'a' }] }));
    await tag('tagging', 'team');
    await expect(tag('tagging', 'stage')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(tag('none', 'team')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('access keys', () => {
  test('there are two at most', async () => {
    await userWith('keys');
    const create = () => root.send(new CreateAccessKeyCommand({ UserName: 'keys' }));
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
    const { AccessKeyMetadata } = await root.send(new ListAccessKeysCommand({ UserName: 'keys' }));
    expect(AccessKeyMetadata?.map((key) => key.Status)).toEqual(['Active', 'Active']);
  });

  test('a key that is inactive or deleted opens nothing', async () => {
    const { iam, credentials } = await userWith('locked', document(allow('iam:*')));
    const AccessKeyId = credentials.accessKeyId;
    expect((await iam.send(new GetUserCommand({}))).User?.UserName).toBe('locked');
    const set = (Status: 'Active' | 'Inactive') =>
      root.send(new UpdateAccessKeyCommand({ UserName: 'locked', AccessKeyId, Status }));
    await set('Inactive');
    const invalid = { name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } };
    await expect(iam.send(getRole)).rejects.toMatchObject(invalid);
    await set('Active');
    await iam.send(getRole);
    await expect(root.send(new DeleteUserCommand({ UserName: 'locked' }))).rejects.toMatchObject({
      name: 'DeleteConflictException',
    });
    await root.send(new DeleteAccessKeyCommand({ UserName: 'locked', AccessKeyId }));
    await expect(iam.send(getRole)).rejects.toMatchObject(invalid);
  });

  test('a wrong secret is a SignatureDoesNotMatch', async () => {
    const iam = cloud.client(IAMClient, { credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' } });
    await expect(iam.send(getRole)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });
});

test("another account's root sees none of it", async () => {
  const iam = cloud.client(IAMClient, { credentials: { accessKeyId: '222222222222', secretAccessKey: 'test' } });
  await expect(iam.send(getRole)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});
