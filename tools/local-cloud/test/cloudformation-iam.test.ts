import {
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { live, type StackCloud, startStackCloud } from './cloudformation-support.ts';

let cloud: StackCloud;

beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const statement = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const document = (Action: string) => ({ Version: '2012-10-17', Statement: [statement(Action)] });
const trusting = (Service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
});

describe('IAM', () => {
  it('roles: policies, attachments, trust, description and tags change in place', async () => {
    const iam = cloud.client(IAMClient);
    const role = (properties: object) => ({ Type: 'AWS::IAM::Role', Properties: properties });
    const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
    const inline = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: document(action) });
    await live(cloud, [
      {
        resources: {
          R: role({
            AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
            ManagedPolicyArns: [arn('ReadOnlyAccess')],
            Policies: [inline('a', 's3:GetObject'), inline('b', 's3:PutObject')],
            Tags: [{ Key: 'k', Value: '1' }],
          }),
        },
        async see({ R: RoleName }) {
          const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
          expect(Role).toMatchObject({ Tags: [{ Key: 'k', Value: '1' }], MaxSessionDuration: 3600 });
          expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['a', 'b']);
        },
      },
      {
        resources: {
          R: role({
            AssumeRolePolicyDocument: trusting('scheduler.amazonaws.com'),
            Description: 'now described',
            MaxSessionDuration: '7200',
            ManagedPolicyArns: [arn('AdministratorAccess')],
            Policies: [inline('b', 's3:DeleteObject')],
          }),
        },
        async see({ R: RoleName }) {
          const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
          expect(Role).toMatchObject({ Description: 'now described', MaxSessionDuration: 7200 });
          expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('scheduler.amazonaws.com');
          expect(Role?.Tags ?? []).toEqual([]);
          const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }));
          expect(decodeURIComponent(policy.PolicyDocument ?? '')).toContain('s3:DeleteObject');
          const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
          expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['AdministratorAccess']);
        },
      },
    ]);
  });

  it('policies follow the roles and users they name', async () => {
    const iam = cloud.client(IAMClient);
    const base = {
      One: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
      Two: { Type: 'AWS::IAM::User' },
    };
    const policies = (action: string, holders: object) => ({
      ...base,
      Inline: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'p', PolicyDocument: document(action), ...holders },
      },
      Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(action), ...holders } },
    });
    await live(cloud, [
      {
        resources: policies('s3:GetObject', { Roles: [{ Ref: 'One' }] }),
        async see({ One: RoleName }) {
          const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:GetObject');
        },
      },
      {
        resources: policies('s3:PutObject', { Users: [{ Ref: 'Two' }] }),
        async see({ One: RoleName, Two: UserName, Managed: PolicyArn }) {
          const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:PutObject');
          expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual([]);
          const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
          expect(AttachedPolicies).toEqual([]);
          const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
          const VersionId = Versions?.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId;
          const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
          expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('s3:PutObject');
        },
      },
    ]);
  });

  it('groups: policies and attachments change in place, users join and leave', async () => {
    const iam = cloud.client(IAMClient);
    const group = (properties: object, isMember: boolean) => ({
      G: { Type: 'AWS::IAM::Group', Properties: properties },
      U: { Type: 'AWS::IAM::User', Properties: isMember ? { Groups: [{ Ref: 'G' }] } : {} },
    });
    const inline = (action: string) => ({ PolicyName: 'p', PolicyDocument: document(action) });
    const users = async (GroupName: string | undefined) =>
      (await iam.send(new GetGroupCommand({ GroupName }))).Users?.map(({ UserName }) => UserName);
    await live(cloud, [
      {
        resources: group({ Path: '/teams/', Policies: [inline('s3:GetObject')] }, true),
        async see({ G: GroupName, U }) {
          const { Group } = await iam.send(new GetGroupCommand({ GroupName }));
          expect(Group?.Arn).toBe(`arn:aws:iam::000000000000:group/teams/${GroupName}`);
          const { PolicyDocument } = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'p' }));
          expect(decodeURIComponent(PolicyDocument ?? '')).toContain('s3:GetObject');
          expect(await users(GroupName)).toEqual([U]);
        },
      },
      {
        resources: group({ Path: '/teams/', ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }, false),
        async see({ G: GroupName }) {
          await expect(iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'p' }))).rejects.toThrow(/p/);
          const { AttachedPolicies } = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }));
          expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['ReadOnlyAccess']);
          expect(await users(GroupName)).toEqual([]);
        },
      },
    ]);
  });

  it('a managed policy can be changed more often than it has versions', async () => {
    const policy = (index: number) => ({
      resources: { M: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(`s3:Get${index}`) } } },
      see: async () => undefined,
    });
    await live(
      cloud,
      Array.from({ length: 8 }, (_, index) => policy(index)),
    );
  });

  it('identity providers: clients, thumbprints and tags change in place', async () => {
    const iam = cloud.client(IAMClient);
    const resources = (ClientIdList: string[], team: string) => {
      const Properties = { Url: 'https://idp.example/path', ClientIdList, Tags: [{ Key: 'team', Value: team }] };
      return { P: { Type: 'AWS::IAM::OIDCProvider', Properties } };
    };
    const see =
      (ClientIDList: string[], team: string) =>
      async ({ P: OpenIDConnectProviderArn }: Readonly<Record<string, string>>) => {
        const provider = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
        expect(provider).toMatchObject({ ClientIDList, Tags: [{ Key: 'team', Value: team }], Url: 'idp.example/path' });
      };
    await live(cloud, [
      { resources: resources(['a', 'b'], 'one'), see: see(['a', 'b'], 'one') },
      { resources: resources(['b', 'c'], 'two'), see: see(['b', 'c'], 'two') },
    ]);
  });

  it('users with access keys', async () => {
    const iam = cloud.client(IAMClient);
    const resources = (Status: string) => ({
      U: { Type: 'AWS::IAM::User', Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: document('s3:*') }] } },
      K: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'U' }, Status } },
    });
    const see =
      (Status: string) =>
      async ({ U: UserName, K: AccessKeyId }: Readonly<Record<string, string>>) => {
        const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
        expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId, Status }]);
      };
    await live(cloud, [
      { resources: resources('Active'), see: see('Active') },
      { resources: resources('Inactive'), see: see('Inactive') },
    ]);
  });
});
