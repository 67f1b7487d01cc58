import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { rootCredentials, startTestCloud } from '../src/testing.ts';
import { keysOfNewUser } from './users.ts';

const account = '000000000000';
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let iam: IAMClient;
let sts: STSClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  iam = cloud.client(IAMClient);
  sts = cloud.client(STSClient);
});
afterAll(() => cloud.close());

const trust = (Principal: object, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }],
  });

async function role(RoleName: string, AssumeRolePolicyDocument = trust({ AWS: account }), policies: string[] = []) {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  for (const name of policies) {
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
  }
}

const user = (UserName: string, ...policy: object[]) => keysOfNewUser(iam, UserName, ...policy);

async function take(name: string, options: Partial<AssumeRoleCommandInput> = {}, client = sts) {
  const { Credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'test', ...options }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

const refused = (who: string, name: string) => ({
  name: 'AccessDenied',
  message: `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn(name)}`,
});

describe('GetCallerIdentity', () => {
  test('names root, a user and a session', async () => {
    const root = await sts.send(new GetCallerIdentityCommand({}));
    expect(root).toMatchObject({ Account: account, UserId: account, Arn: `arn:aws:iam::${account}:root` });
    const mine = cloud.client(STSClient, { credentials: await user('identity') });
    expect((await mine.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${account}:user/identity`);
    await role('Identity');
    const session = cloud.client(STSClient, { credentials: await take('Identity') });
    const identity = await session.send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:sts::${account}:assumed-role/Identity/test`);
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:test$/);
  });

  test('answers whoever is denied everything', async () => {
    const mine = cloud.client(STSClient, {
      credentials: await user('nothing', { Effect: 'Deny', Action: '*', Resource: '*' }),
    });
    expect((await mine.send(new GetCallerIdentityCommand({}))).Account).toBe(account);
  });

  test('12 digits with the secret `test` are that account', async () => {
    const other = cloud.client(STSClient, { credentials: { accessKeyId: '333333333333', secretAccessKey: 'test' } });
    expect((await other.send(new GetCallerIdentityCommand({}))).Account).toBe('333333333333');
  });
});

describe('AssumeRole', () => {
  test("gives what the role's policies allow, and no more", async () => {
    await role('Limited', undefined, ['ReadOnlyAccess']);
    const session = cloud.client(IAMClient, { credentials: await take('Limited') });
    expect((await session.send(new ListRolesCommand({}))).Roles?.length).toBeGreaterThan(0);
    await expect(session.send(new DeleteRoleCommand({ RoleName: 'Limited' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${account}:assumed-role/Limited/test is not authorized to perform: iam:DeleteRole on resource: ${roleArn('Limited')} because no identity-based policy allows the iam:DeleteRole action`,
    });
  });

  test('session policies narrow it further', async () => {
    await role('Narrowed', undefined, ['AdministratorAccess']);
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' }],
    });
    const session = cloud.client(IAMClient, { credentials: await take('Narrowed', { Policy }) });
    await session.send(new GetRoleCommand({ RoleName: 'Narrowed' }));
    await expect(session.send(new ListRolesCommand({}))).rejects.toThrow(
      'because no session policy allows the iam:ListRoles action',
    );
  });

  test('needs the trust of the role and the permission of the user', async () => {
    await role('OnlyAccount');
    await role('OnlyLambda', trust({ Service: 'lambda.amazonaws.com' }));
    const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
    const allowed = cloud.client(STSClient, { credentials: await user('may', may) });
    const plain = cloud.client(STSClient, { credentials: await user('may-not') });
    await take('OnlyAccount', {}, allowed);
    await expect(take('OnlyAccount', {}, plain)).rejects.toMatchObject(
      refused(`arn:aws:iam::${account}:user/may-not`, 'OnlyAccount'),
    );
    await expect(take('OnlyLambda', {}, allowed)).rejects.toMatchObject(
      refused(`arn:aws:iam::${account}:user/may`, 'OnlyLambda'),
    );
    await role('TrustsUser', trust({ AWS: `arn:aws:iam::${account}:user/may-not` }));
    await take('TrustsUser', {}, plain);
  });

  test('a role that does not exist is refused like one that does not trust', async () => {
    await expect(take('Absent')).rejects.toMatchObject(refused(`arn:aws:iam::${account}:root`, 'Absent'));
  });

  test('may ask for an external id', async () => {
    await role('External', trust({ AWS: account }, { Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } } }));
    await expect(take('External')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(take('External', { ExternalId: 'guessed' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await take('External', { ExternalId: 'agreed' });
  });

  test.each([
    [{ DurationSeconds: 899 }, /Value '899' at 'durationSeconds' .* greater than or equal to 900$/],
    [{ DurationSeconds: 43_201 }, /Value '43201' at 'durationSeconds' .* less than or equal to 43200$/],
    [{ DurationSeconds: 7200 }, /^The requested DurationSeconds exceeds the MaxSessionDuration set for this role\.$/],
    [{ RoleSessionName: 'with space' }, /'roleSessionName'/],
    [{ RoleArn: 'Timed' }, /^Timed is invalid$/],
  ])('refuses %j', async (options, message) => {
    await role('Timed').catch(() => {});
    await expect(take('Timed', options)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  test('a role taken by a role lasts an hour at most', async () => {
    const trusting = trust({ AWS: account });
    await iam.send(
      new CreateRoleCommand({ RoleName: 'Chained', AssumeRolePolicyDocument: trusting, MaxSessionDuration: 7200 }),
    );
    await role('First', undefined, ['AdministratorAccess']);
    const first = cloud.client(STSClient, { credentials: await take('First') });
    await take('Chained', { DurationSeconds: 3600 }, first);
    await expect(take('Chained', { DurationSeconds: 3601 }, first)).rejects.toThrow('1 hour session limit');
  });

  test('options that would be ignored are refused', async () => {
    await role('Options');
    const options = { SerialNumber: 'arn:aws:iam::000000000000:mfa/me', TokenCode: '123456' };
    await expect(take('Options', options)).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});

describe('a role taken by a service', () => {
  const lambda = trust(
    { Service: 'lambda.amazonaws.com' },
    { Condition: { StringEquals: { 'aws:SourceAccount': account } } },
  );

  test('needs to trust the service', async () => {
    await role('Function', lambda, ['ReadOnlyAccess']);
    const { credentials, caller } = await cloud.cloud.assumeRole(roleArn('Function'), 'fn', 'lambda.amazonaws.com');
    expect(caller.arn).toBe(`arn:aws:sts::${account}:assumed-role/Function/fn`);
    const session = cloud.client(IAMClient, { credentials });
    expect((await session.send(new GetRoleCommand({ RoleName: 'Function' }))).Role?.RoleName).toBe('Function');
    await expect(cloud.cloud.assumeRole(roleArn('Function'), 'fn', 'ecs.amazonaws.com')).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });
});

test('users, roles and keys outlive the process that keeps them in a folder', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'stackyard-iam-'));
  const options = { port: 0, dataDir, log: () => {} };
  const config = (endpoint: string, credentials = rootCredentials) => ({ endpoint, credentials, region: 'us-east-1' });
  try {
    const first = await startCloud(options);
    const admin = new IAMClient(config(first.endpoint));
    await admin.send(new CreateUserCommand({ UserName: 'kept' }));
    const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName: 'kept' }));
    await first.close();

    const second = await startCloud(options);
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    const identity = await new STSClient(config(second.endpoint, keys)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:iam::${account}:user/kept`);
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

describe('a session', () => {
  test('of a deleted role may do nothing, even when the name is taken again', async () => {
    await role('Reborn', undefined, []);
    const session = cloud.client(IAMClient, { credentials: await take('Reborn') });
    await iam.send(new DeleteRoleCommand({ RoleName: 'Reborn' }));
    await role('Reborn', undefined, ['AdministratorAccess']);
    await expect(session.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('runs out', async () => {
    await role('Short', undefined, ['AdministratorAccess']);
    const session = cloud.client(IAMClient, { credentials: await take('Short', { DurationSeconds: 900 }) });
    await session.send(new GetRoleCommand({ RoleName: 'Short' }));
    await cloud.cloud.clock.advance(901_000);
    await expect(session.send(new GetRoleCommand({ RoleName: 'Short' }))).rejects.toMatchObject({
      name: 'ExpiredToken',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('with another token is unknown', async () => {
    await role('Token');
    const credentials = { ...(await take('Token')), sessionToken: 'forged' };
    const session = cloud.client(STSClient, { credentials });
    await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  test('of GetSessionToken is the user itself', async () => {
    const mine = cloud.client(STSClient, { credentials: await user('long-term') });
    const { Credentials } = await mine.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const session = cloud.client(STSClient, { credentials });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${account}:user/long-term`);
  });
});
