import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const policy = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  iam = cloud.client(IAMClient);
});
afterAll(() => cloud.close());

async function create(PolicyName: string): Promise<string> {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy('s3:GetObject') }));
  return Policy?.Arn ?? '';
}

test('a policy is made once per name', async () => {
  const arn = await create('Once');
  expect(arn).toBe('arn:aws:iam::000000000000:policy/Once');
  await expect(create('once')).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'A policy called once already exists. Duplicate names are not allowed.',
  });
});

test('versions come and go, five at a time', async () => {
  const PolicyArn = await create('Versions');
  for (const action of ['s3:b', 's3:c', 's3:d', 's3:e']) {
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(action) }));
  }
  await expect(
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy('s3:f') })),
  ).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: expect.stringMatching(/^A managed policy can have up to 5 versions\./),
  });
  await expect(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete the default version of a policy.',
  });
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  const made = await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy('s3:g'), SetAsDefault: true }),
  );
  expect(made.PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: true });
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  expect(Versions?.map((version) => version.VersionId)).toEqual(['v6', 'v5', 'v4', 'v3', 'v2']);
  const found = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v6' }));
  expect(decodeURIComponent(found.PolicyVersion?.Document ?? '')).toBe(policy('s3:g'));
});

test('a policy in use stays', async () => {
  const PolicyArn = await create('InUse');
  const trust =
    '{"Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}';
  await iam.send(new CreateRoleCommand({ RoleName: 'User', AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'User', PolicyArn }));
  const users = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(users.PolicyRoles).toMatchObject([{ RoleName: 'User' }]);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  expect(Policy?.AttachmentCount).toBe(1);
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete a policy attached to entities.',
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'User', PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `Policy ${PolicyArn} was not found.`,
  });
});

test("AWS's own policies can be read", async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId ?? '';
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')).Statement[0].Action).toEqual([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }));
  expect(Policies?.map((one) => one.Arn)).toContain('arn:aws:iam::aws:policy/AdministratorAccess');
});

test('every AWS managed policy of the bootstrap stack is there', async () => {
  const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
  const template = await readFile(join(cdk, 'lib/api/bootstrap/bootstrap-template.yaml'), 'utf8');
  const names = [...template.matchAll(/:iam::aws:policy\/([\w/]+)/g)].map((match) => match[1]);
  expect(names).toContain('ReadOnlyAccess');
  for (const name of names) {
    const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
    expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.Arn).toBe(PolicyArn);
  }
});

test('a policy has 6,144 characters, white space not counted', async () => {
  const long = policy(`s3:${'x'.repeat(6144)}`);
  await expect(iam.send(new CreatePolicyCommand({ PolicyName: 'Long', PolicyDocument: long }))).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for PolicySize: 6144',
  });
  const spaced = policy('s3:GetObject').replace('{', `{${' '.repeat(7000)}`);
  await iam.send(new CreatePolicyCommand({ PolicyName: 'Spaced', PolicyDocument: spaced }));
});
