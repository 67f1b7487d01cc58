import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { iam as service } from '../src/services/iam/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `IAM API Reference, ${operation}`;
const quotas = 'IAM User Guide, IAM and AWS STS quotas';
const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const trust = document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const list = document({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' });

async function role(target: Target) {
  const iam = target.client(IAMClient);
  const RoleName = target.name();
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  target.afterwards(() => iam.send(new DeleteRoleCommand({ RoleName })));
  return { iam, RoleName, Role };
}

async function policy(target: Target) {
  const iam = target.client(IAMClient);
  const PolicyName = target.name();
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: list }));
  const PolicyArn = Policy?.Arn as string;
  target.afterwards(() => iam.send(new DeletePolicyCommand({ PolicyArn })));
  return { iam, PolicyName, PolicyArn };
}

export const iam: Contract = {
  service,
  claims: [
    {
      operation: 'CreateRole',
      claim: 'answers an ARN and an id of its kind, and refuses the name a second time',
      source: 'IAM User Guide, IAM identifiers',
      async run(target) {
        const { iam, RoleName, Role } = await role(target);
        expect(Role?.Arn).toBe(`arn:aws:iam::${target.account}:role/${RoleName}`);
        expect(Role?.RoleId).toMatch(/^AROA/);
        const again = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });
        expect((await refusal(iam.send(again))).name).toBe('EntityAlreadyExistsException');
      },
    },
    {
      operation: 'CreateRole',
      claim: 'refuses a trust policy that is not one',
      source: reference('CreateRole'),
      async run(target) {
        const call = new CreateRoleCommand({ RoleName: target.name(), AssumeRolePolicyDocument: '{"Version":1}' });
        expect((await refusal(target.client(IAMClient).send(call))).name).toBe('MalformedPolicyDocumentException');
      },
    },
    {
      operation: 'CreateRole',
      claim: 'refuses a name of 65 characters',
      limit: '64 characters a role name',
      source: quotas,
      async run(target) {
        const RoleName = 'r'.repeat(65);
        const call = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });
        expect((await refusal(target.client(IAMClient).send(call))).name).toMatch(/^ValidationError/);
      },
    },
    {
      operation: 'GetRole',
      claim: 'does not know what is not there',
      source: reference('GetRole'),
      async run(target) {
        const call = new GetRoleCommand({ RoleName: target.name() });
        expect((await refusal(target.client(IAMClient).send(call))).name).toBe('NoSuchEntityException');
      },
    },
    {
      operation: 'PutRolePolicy',
      claim: 'keeps the document as it was given, URL-encoded in the answer',
      source: reference('GetRolePolicy'),
      async run(target) {
        const { iam, RoleName } = await role(target);
        const named = { RoleName, PolicyName: 'lists' };
        await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: list }));
        target.afterwards(() => iam.send(new DeleteRolePolicyCommand(named)));
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(named));
        expect(JSON.parse(decodeURIComponent(PolicyDocument as string))).toEqual(JSON.parse(list));
      },
    },
    {
      operation: 'PutRolePolicy',
      claim: 'refuses more than 10,240 characters of inline policies',
      limit: '10,240 characters a role',
      source: quotas,
      async run(target) {
        const { iam, RoleName } = await role(target);
        const Action = Array.from({ length: 600 }, (_, i) => `s3:GetObjectNumber${i}`);
        const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' });
        const call = new PutRolePolicyCommand({ RoleName, PolicyName: 'long', PolicyDocument });
        expect((await refusal(iam.send(call))).name).toBe('LimitExceededException');
      },
    },
    {
      operation: 'DeleteRole',
      claim: 'refuses a role that still has a policy',
      source: reference('DeleteRole'),
      async run(target) {
        const { iam, RoleName } = await role(target);
        const { PolicyArn } = await policy(target);
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
        target.afterwards(() => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })));
        expect((await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).name).toBe('DeleteConflictException');
      },
    },
    {
      operation: 'AttachRolePolicy',
      claim: 'does not know a policy that is not there',
      source: reference('AttachRolePolicy'),
      async run(target) {
        const { iam, RoleName } = await role(target);
        const PolicyArn = `arn:aws:iam::${target.account}:policy/${target.name()}`;
        const call = new AttachRolePolicyCommand({ RoleName, PolicyArn });
        expect((await refusal(iam.send(call))).name).toBe('NoSuchEntityException');
      },
    },
    {
      operation: 'CreatePolicyVersion',
      claim: 'keeps five versions and refuses a sixth',
      limit: '5 versions a policy',
      source: quotas,
      async run(target) {
        const { iam, PolicyArn } = await policy(target);
        const add = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: list }));
        for (let i = 0; i < 4; i += 1) {
          const VersionId = (await add()).PolicyVersion?.VersionId as string;
          target.afterwards(() => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
        }
        expect((await refusal(add())).name).toBe('LimitExceededException');
        const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
        expect(Versions?.filter((one) => one.IsDefaultVersion).map((one) => one.VersionId)).toEqual(['v1']);
      },
    },
    {
      operation: 'CreateUser',
      claim: 'refuses a name that is taken, in whatever case',
      source: reference('CreateUser'),
      async run(target) {
        const iam = target.client(IAMClient);
        const UserName = target.name();
        await iam.send(new CreateUserCommand({ UserName }));
        target.afterwards(() => iam.send(new DeleteUserCommand({ UserName })));
        const again = new CreateUserCommand({ UserName: UserName.toUpperCase() });
        expect((await refusal(iam.send(again))).name).toBe('EntityAlreadyExistsException');
      },
    },
  ],
};
