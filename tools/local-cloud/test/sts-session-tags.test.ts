import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { keysOfNewUser } from './users.ts';

const account = '000000000000';
const arn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let iam: IAMClient;
/** A user without policies: whatever it may do, trust policies that name it allow. */
let credentials: { accessKeyId: string; secretAccessKey: string };

beforeAll(async () => {
  cloud = await startTestCloud();
  iam = cloud.client(IAMClient);
  credentials = await keysOfNewUser(iam, 'alice');
});
afterAll(() => cloud.close());

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const alice = { AWS: `arn:aws:iam::${account}:user/alice` };
const trust = (Action: string | string[], Principal: object = alice, more: object = {}) => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...more,
});
const tagging = ['sts:AssumeRole', 'sts:TagSession'];
const ownTeam = {
  Effect: 'Allow',
  Action: 'iam:GetRole',
  Resource: `arn:aws:iam::${account}:role/\${aws:PrincipalTag/team}-*`,
};

async function role(RoleName: string, AssumeRolePolicyDocument: string, policy: object = ownTeam, team?: string) {
  const Tags = team === undefined ? [] : [{ Key: 'team', Value: team }];
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Tags }));
  const PolicyDocument = document(policy);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
}

async function take(name: string, options: Partial<AssumeRoleCommandInput> = {}, as: object = { credentials }) {
  const sts = cloud.client(STSClient, as);
  const answer = await sts.send(new AssumeRoleCommand({ RoleArn: arn(name), RoleSessionName: 'session', ...options }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return { answer, credentials: session };
}

const read = (as: object, RoleName: string) => cloud.client(IAMClient, as).send(new GetRoleCommand({ RoleName }));
const tag = (Key: string, Value: string) => ({ Tags: [{ Key, Value }] });

test('a session tag stands in for the tag of the role', async () => {
  await role('red-tagged', document(trust(tagging)), ownTeam, 'red');
  await role('blue-other', document(trust('sts:AssumeRole')));
  const plain = await take('red-tagged');
  expect((await read(plain, 'red-tagged')).Role?.RoleName).toBe('red-tagged');
  const blue = await take('red-tagged', tag('TEAM', 'blue'));
  expect((await read(blue, 'blue-other')).Role?.RoleName).toBe('blue-other');
  await expect(read(blue, 'red-tagged')).rejects.toThrow(
    'because no identity-based policy allows the iam:GetRole action',
  );
  expect(blue.answer.PackedPolicySize).toBeGreaterThan(0);
});

test('tags need sts:TagSession, which may ask for keys and values', async () => {
  await role('untaggable', document(trust('sts:AssumeRole')));
  await expect(take('untaggable', tag('team', 'red'))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${alice.AWS} is not authorized to perform: sts:TagSession on resource: ${arn('untaggable')}`,
  });
  const onlyRed = { Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } } };
  await role('only-red', document(trust('sts:AssumeRole'), trust('sts:TagSession', alice, onlyRed)));
  await take('only-red', tag('team', 'red'));
  await expect(take('only-red', tag('team', 'blue'))).rejects.toThrow('sts:TagSession');
});

test('transitive tags go on to the sessions taken with the session, and cannot be changed there', async () => {
  await role('first', document(trust(tagging)), { Effect: 'Allow', Action: 'sts:*', Resource: '*' });
  const everybody = { AWS: account };
  await role('red-second', document(trust(tagging, everybody)));
  const lost = await take('red-second', {}, await take('first', tag('team', 'red')));
  await expect(read(lost, 'red-second')).rejects.toThrow('iam:GetRole');
  const first = await take('first', { ...tag('team', 'red'), TransitiveTagKeys: ['team'] });
  const second = await take('red-second', {}, first);
  expect((await read(second, 'red-second')).Role?.RoleName).toBe('red-second');
  await expect(take('red-second', tag('Team', 'blue'), first)).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: expect.stringContaining('conflicts with a transitive tag key'),
  });
});

test('a source identity is allowed, told, kept, and seen by policies', async () => {
  const named = { Condition: { StringLike: { 'sts:SourceIdentity': 'al*' } } };
  const onlyAlice = {
    ...ownTeam,
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceIdentity': 'alice' } },
  };
  await role('named', document(trust(['sts:AssumeRole', 'sts:SetSourceIdentity'], alice, named)), onlyAlice);
  const session = await take('named', { SourceIdentity: 'alice' });
  expect(session.answer.SourceIdentity).toBe('alice');
  expect((await cloud.client(IAMClient, session).send(new ListRolesCommand({}))).Roles).not.toEqual([]);
  await expect(take('named', { SourceIdentity: 'bob' })).rejects.toThrow('sts:AssumeRole');
  const next = await take('named', {}, session).catch((error: Error) => error.message);
  expect(next).toContain('sts:AssumeRole');
  await expect(take('named', { SourceIdentity: 'bob' }, session)).rejects.toThrow('is kept');
});

test.each([
  [
    '51 tags',
    { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' })) },
    'less than or equal to 50',
  ],
  [
    'a key twice',
    {
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'A', Value: '' },
      ],
    },
    'Duplicate tag keys',
  ],
  ['a reserved key', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'reserved'],
  ['a transitive key without its tag', { TransitiveTagKeys: ['team'] }, 'must be included in the requested tags'],
])('%s are refused', async (_, options, message) => {
  await expect(take('red-tagged', options)).rejects.toThrow(message);
});

test('temporary credentials say that there was no MFA; long-term keys say nothing', async () => {
  const withMfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  await role('mfa', document(trust('sts:AssumeRole', alice, { Condition: withMfa })));
  await expect(take('mfa')).rejects.toThrow('sts:AssumeRole');
  const notWithout = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } };
  await role('mfa-if-exists', document(trust('sts:AssumeRole', alice, { Condition: notWithout })), {
    Effect: 'Allow',
    Action: 'iam:DeleteRole',
    Resource: '*',
    Condition: notWithout,
  });
  const session = await take('mfa-if-exists');
  await expect(
    cloud.client(IAMClient, session).send(new DeleteRoleCommand({ RoleName: 'mfa-if-exists' })),
  ).rejects.toThrow('no identity-based policy allows the iam:DeleteRole action');
});
