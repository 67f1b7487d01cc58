import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parameter, type StackCloud, startStackCloud, template } from './cloudformation-support.ts';
import { keysOfNewUser } from './users.ts';

let cloud: StackCloud;
let iam: IAMClient;
/** CloudFormation as a user who may do whatever the test's policy says. */
let asUser: CloudFormationClient;

const roleArn = 'arn:aws:iam::000000000000:role/deployer';
const policy = (...statements: { Action: string[]; Resource: string }[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((given) => ({ Effect: 'Allow', ...given })) });
const allowUser = (PolicyDocument: string) =>
  iam.send(new PutUserPolicyCommand({ UserName: 'developer', PolicyName: 'own', PolicyDocument }));
const allowRole = (PolicyDocument: string) =>
  iam.send(new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'own', PolicyDocument }));

const stacks = { Action: ['cloudformation:*'], Resource: '*' };
const passing = { Action: ['iam:PassRole'], Resource: roleArn };
const parameters = { Action: ['ssm:*'], Resource: 'arn:aws:ssm:us-east-1:000000000000:parameter/allowed/*' };
const create = (StackName: string, Name: string, more: object = {}) =>
  asUser.send(new CreateStackCommand({ StackName, TemplateBody: template({ P: parameter(Name) }), ...more }));

beforeAll(async () => {
  cloud = await startStackCloud();
  iam = cloud.client(IAMClient);
  const Principal = { Service: 'cloudformation.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new CreateRoleCommand({ RoleName: 'deployer', AssumeRolePolicyDocument }));
  asUser = cloud.client(CloudFormationClient, { credentials: await keysOfNewUser(iam, 'developer') });
});
afterAll(() => cloud.close());

it('who may not call CloudFormation is denied', async () => {
  await expect(create('denied', '/allowed/a')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(
      'cloudformation:CreateStack on resource: arn:aws:cloudformation:us-east-1:000000000000:stack/denied/*',
    ),
  });
});

it('a role must be allowed to be passed', async () => {
  await allowUser(policy(stacks));
  await expect(create('unpassed', '/allowed/a', { RoleARN: roleArn })).rejects.toThrow(
    /iam:PassRole on resource: .*deployer/,
  );
});

it('without a role, the caller’s own permissions count', async () => {
  await allowUser(policy(stacks));
  await create('own', '/allowed/a');
  expect(await cloud.settled('own')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect((await cloud.events('own')).join('\n')).toMatch(
    /P CREATE_FAILED Resource handler returned message: "User: arn:aws:iam::000000000000:user\/developer is not authorized to perform: ssm:PutParameter .*HandlerErrorCode: AccessDenied\)/,
  );
});

it('with a role, the role’s count: it does what its user may not, and no more', async () => {
  await allowUser(policy(stacks, passing));
  await allowRole(policy(parameters));
  await create('allowed', '/allowed/a', { RoleARN: roleArn });
  expect(await cloud.settled('allowed')).toMatchObject({ StackStatus: 'CREATE_COMPLETE', RoleARN: roleArn });
  await create('beyond', '/elsewhere/a', { RoleARN: roleArn });
  expect(await cloud.settled('beyond')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect((await cloud.events('beyond')).join('\n')).toContain(
    'assumed-role/deployer/AWSCloudFormation is not authorized',
  );
});

it('a stack keeps its role: it is deleted with it though the request names none', async () => {
  await allowUser(policy(stacks));
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'own' }));
  await asUser.send(new DeleteStackCommand({ StackName: 'allowed' }));
  expect(await cloud.settled('allowed')).toMatchObject({ StackStatus: 'DELETE_FAILED' });
  await allowRole(policy(parameters));
  await asUser.send(new DeleteStackCommand({ StackName: 'allowed' }));
  await expect(cloud.describe('allowed')).rejects.toThrow('Stack with id allowed does not exist');
});
