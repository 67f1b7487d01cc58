import { X509Certificate } from 'node:crypto';
import {
  AddCustomAttributesCommand,
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolDomainCommand,
  DeleteGroupCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  GetGroupCommand,
  GetSigningCertificateCommand,
  GetUserPoolMfaConfigCommand,
  ListGroupsCommand,
  ListTagsForResourceCommand,
  ListUserPoolsCommand,
  ListUsersInGroupCommand,
  SetUserPoolMfaConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateGroupCommand,
  UpdateUserPoolCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { expect } from 'vitest';
import { guide, reference, userPool } from './cognito-support.ts';
import { type Claim, refusal } from './contract.ts';

/** Claims about pools, their domains and their groups. */
export const poolClaims: readonly Claim[] = [
  {
    operation: 'CreateUserPool',
    claim: 'answers a pool whose passwords need eight characters of four kinds when it is not told otherwise',
    source: reference('PasswordPolicyType'),
    async run(target) {
      const { UserPool, UserPoolId } = await userPool(target);
      expect(UserPoolId).toMatch(new RegExp(`^${target.region}_[0-9A-Za-z]{9}$`));
      expect(UserPool?.Arn).toBe(`arn:aws:cognito-idp:${target.region}:${target.account}:userpool/${UserPoolId}`);
      expect(UserPool?.Policies?.PasswordPolicy).toMatchObject({
        MinimumLength: 8,
        RequireUppercase: true,
        RequireLowercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        TemporaryPasswordValidityDays: 7,
      });
    },
  },
  {
    operation: 'CreateUserPool',
    claim: 'refuses a policy of five characters',
    limit: '6 to 99 characters a password policy asks for',
    source: reference('PasswordPolicyType'),
    async run(target) {
      const Policies = { PasswordPolicy: { MinimumLength: 5 } };
      expect((await refusal(userPool(target, { Policies }))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'CreateUserPool',
    beside: ['DescribeUserPool'],
    claim: 'gives custom attributes the prefix custom:, changeable unless it is said that they are not',
    source: guide('Working with user attributes'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target, {
        Schema: [{ Name: 'tenant_id', AttributeDataType: 'String', Mutable: false }],
      });
      const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
      const attribute = UserPool?.SchemaAttributes?.find(({ Name }) => Name === 'custom:tenant_id');
      expect(attribute).toMatchObject({ AttributeDataType: 'String', Mutable: false, Required: false });
    },
  },
  {
    operation: 'DescribeUserPool',
    claim: 'does not know a pool that is not there',
    source: reference('DescribeUserPool'),
    async run(target) {
      const UserPoolId = `${target.region}_AAAAAAAAA`;
      const call = target.client(CognitoIdentityProviderClient).send(new DescribeUserPoolCommand({ UserPoolId }));
      expect(await refusal(call)).toEqual({
        name: 'ResourceNotFoundException',
        message: `User pool ${UserPoolId} does not exist.`,
      });
    },
  },
  {
    operation: 'UpdateUserPool',
    beside: ['DescribeUserPool'],
    claim: 'puts what it does not say back to its default',
    source: reference('UpdateUserPool'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target, { AutoVerifiedAttributes: ['email'] });
      const Policies = { PasswordPolicy: { MinimumLength: 12 } };
      await cognito.send(new UpdateUserPoolCommand({ UserPoolId, Policies }));
      const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
      expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(12);
      expect(UserPool?.AutoVerifiedAttributes ?? []).toEqual([]);
    },
  },
  {
    operation: 'DeleteUserPool',
    beside: ['UpdateUserPool'],
    claim: 'refuses while deletion protection is active',
    source: guide('User pool deletion protection'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target, { DeletionProtection: 'ACTIVE' });
      const refused = await refusal(cognito.send(new DeleteUserPoolCommand({ UserPoolId })));
      expect(refused.name).toBe('InvalidParameterException');
      await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
    },
  },
  {
    operation: 'ListUserPools',
    claim: 'refuses a page of 61',
    limit: '60 pools a page',
    source: reference('ListUserPools'),
    async run(target) {
      const cognito = target.client(CognitoIdentityProviderClient);
      const call = cognito.send(new ListUserPoolsCommand({ MaxResults: 61 }));
      expect((await refusal(call)).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'AddCustomAttributes',
    beside: ['DescribeUserPool'],
    claim: 'adds attributes, and refuses one of that name again',
    source: reference('AddCustomAttributes'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const CustomAttributes = [{ Name: 'team', AttributeDataType: 'String' as const }];
      const add = () => cognito.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }));
      await add();
      const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
      expect(UserPool?.SchemaAttributes?.map(({ Name }) => Name)).toContain('custom:team');
      expect((await refusal(add())).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'SetUserPoolMfaConfig',
    beside: ['GetUserPoolMfaConfig'],
    claim: 'turns on authenticator apps, and refuses to ask for a second factor there is none of',
    source: reference('SetUserPoolMfaConfig'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const without = cognito.send(new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'ON' }));
      expect((await refusal(without)).name).toBe('InvalidParameterException');
      const SoftwareTokenMfaConfiguration = { Enabled: true };
      await cognito.send(
        new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration }),
      );
      const now = await cognito.send(new GetUserPoolMfaConfigCommand({ UserPoolId }));
      expect(now).toMatchObject({ MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration });
    },
  },
  {
    operation: 'TagResource',
    beside: ['ListTagsForResource', 'UntagResource'],
    claim: 'adds to the tags there are',
    source: reference('TagResource'),
    async run(target) {
      const { cognito, UserPool } = await userPool(target, { UserPoolTags: { owner: 'team' } });
      const ResourceArn = UserPool?.Arn;
      await cognito.send(new TagResourceCommand({ ResourceArn, Tags: { stage: 'dev' } }));
      await cognito.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['owner'] }));
      const { Tags } = await cognito.send(new ListTagsForResourceCommand({ ResourceArn }));
      expect(Tags).toEqual({ stage: 'dev' });
    },
  },
  {
    operation: 'GetSigningCertificate',
    claim: 'answers an X.509 certificate without the lines around it',
    source: reference('GetSigningCertificate'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const { Certificate = '' } = await cognito.send(new GetSigningCertificateCommand({ UserPoolId }));
      const certificate = new X509Certificate(Buffer.from(Certificate, 'base64'));
      expect(certificate.subject).toContain(UserPoolId);
    },
  },
  {
    operation: 'CreateUserPoolDomain',
    beside: ['DescribeUserPoolDomain', 'UpdateUserPoolDomain', 'DeleteUserPoolDomain', 'DeleteUserPool'],
    claim: 'keeps its pool from being deleted, and another pool from the name',
    source: reference('CreateUserPoolDomain'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const other = await userPool(target);
      const Domain = target.name();
      await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }));
      const taken = cognito.send(new CreateUserPoolDomainCommand({ UserPoolId: other.UserPoolId, Domain }));
      expect((await refusal(taken)).name).toBe('InvalidParameterException');
      await cognito.send(new UpdateUserPoolDomainCommand({ UserPoolId, Domain, ManagedLoginVersion: 1 }));
      const { DomainDescription } = await cognito.send(new DescribeUserPoolDomainCommand({ Domain }));
      expect(DomainDescription?.UserPoolId).toBe(UserPoolId);
      const deletion = refusal(cognito.send(new DeleteUserPoolCommand({ UserPoolId })));
      expect((await deletion).name).toBe('InvalidParameterException');
      await cognito.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }));
    },
  },
  {
    operation: 'CreateGroup',
    beside: ['GetGroup', 'UpdateGroup', 'ListGroups', 'DeleteGroup'],
    claim: 'refuses a name there is; an update changes what it says and leaves the rest',
    source: reference('CreateGroup'),
    async run(target) {
      const { cognito, UserPoolId } = await userPool(target);
      const group = { UserPoolId, GroupName: 'admins' };
      const create = () => cognito.send(new CreateGroupCommand({ ...group, Precedence: 3, Description: 'all' }));
      await create();
      expect((await refusal(create())).name).toBe('GroupExistsException');
      await cognito.send(new UpdateGroupCommand({ ...group, Precedence: 1 }));
      const { Group } = await cognito.send(new GetGroupCommand(group));
      expect(Group).toMatchObject({ Precedence: 1, Description: 'all' });
      await cognito.send(new DeleteGroupCommand(group));
      expect((await cognito.send(new ListGroupsCommand({ UserPoolId }))).Groups).toEqual([]);
    },
  },
  {
    operation: 'AdminAddUserToGroup',
    beside: ['ListUsersInGroup', 'AdminListGroupsForUser', 'AdminRemoveUserFromGroup'],
    claim: 'puts somebody in a group until they are taken out',
    source: reference('AdminAddUserToGroup'),
    async run(target) {
      const { cognito, UserPoolId, user } = await userPool(target);
      await user('ann');
      await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admins' }));
      const member = { UserPoolId, GroupName: 'admins', Username: 'ann' };
      await cognito.send(new AdminAddUserToGroupCommand(member));
      const { Users } = await cognito.send(new ListUsersInGroupCommand(member));
      expect(Users?.map(({ Username }) => Username)).toEqual(['ann']);
      await cognito.send(new AdminRemoveUserFromGroupCommand(member));
      expect((await cognito.send(new AdminListGroupsForUserCommand(member))).Groups).toEqual([]);
    },
  },
];
