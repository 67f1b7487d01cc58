import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  GetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';
import { errorOf } from './kinesis-support.ts';

let cloud: StackCloud;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  cognito = cloud.client(CognitoIdentityProviderClient);
});
afterAll(() => cloud.close());

const ref = (Ref: string) => ({ Ref });
const tenant = { Name: 'tenant_id', AttributeDataType: 'String', Mutable: false };
const people = (pool: object = {}, client: object = {}) =>
  template(
    {
      Pool: {
        Type: 'AWS::Cognito::UserPool',
        Properties: {
          MfaConfiguration: 'OPTIONAL',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
          Schema: [tenant],
          UserPoolTags: { owner: 'team' },
          ...pool,
        },
      },
      Client: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: {
          UserPoolId: ref('Pool'),
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['code'],
          AllowedOAuthScopes: ['openid', { 'Fn::Join': ['/', [ref('Server'), 'read']] }],
          CallbackURLs: ['https://app.example.com/callback'],
          ...client,
        },
      },
      Domain: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { UserPoolId: ref('Pool'), Domain: 'people' } },
      Server: {
        Type: 'AWS::Cognito::UserPoolResourceServer',
        Properties: {
          UserPoolId: ref('Pool'),
          Identifier: 'orders',
          Name: 'Orders',
          Scopes: [{ ScopeName: 'read', ScopeDescription: 'read' }],
        },
      },
      Group: { Type: 'AWS::Cognito::UserPoolGroup', Properties: { UserPoolId: ref('Pool'), GroupName: 'admins' } },
      User: {
        Type: 'AWS::Cognito::UserPoolUser',
        Properties: {
          UserPoolId: ref('Pool'),
          Username: 'ann',
          UserAttributes: [{ Name: 'custom:tenant_id', Value: 'acme' }],
        },
      },
      Membership: {
        Type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
        Properties: { UserPoolId: ref('Pool'), Username: ref('User'), GroupName: ref('Group') },
      },
    },
    {
      Outputs: Object.fromEntries(
        ['Arn', 'ProviderName', 'ProviderURL'].map((name) => [name, { Value: { 'Fn::GetAtt': ['Pool', name] } }]),
      ),
    },
  );

describe('a pool with all its parts', () => {
  it('is created, changed in place, keeps its schema, and is deleted', async () => {
    const created = await cloud.create('people', people());
    expect(created?.StackStatus).toBe('CREATE_COMPLETE');
    const { Pool: UserPoolId = '', Client: ClientId, Domain } = await cloud.physicalIds('people');
    const outputs = Object.fromEntries((created?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]));
    expect(outputs).toEqual({
      Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPoolId}`,
      ProviderName: `cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`,
      ProviderURL: `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`,
    });
    const mfa = await cognito.send(new GetUserPoolMfaConfigCommand({ UserPoolId }));
    expect(mfa).toMatchObject({ MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } });
    const described = await cognito.send(new DescribeUserPoolDomainCommand({ Domain }));
    expect(described.DomainDescription?.UserPoolId).toBe(UserPoolId);
    const user = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' }));
    expect(user.UserAttributes).toContainEqual({ Name: 'custom:tenant_id', Value: 'acme' });
    const groups = await cognito.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: 'ann' }));
    expect(groups.Groups?.map(({ GroupName }) => GroupName)).toEqual(['admins']);

    const Schema = [tenant, { Name: 'team', AttributeDataType: 'String' }];
    const Policies = { PasswordPolicy: { MinimumLength: 14 } };
    const updated = await cloud.update(
      'people',
      people({ Schema, Policies, MfaConfiguration: 'ON', UserPoolTags: { stage: 'dev' } }, { AccessTokenValidity: 2 }),
    );
    expect(updated?.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await cloud.physicalIds('people')).toMatchObject({ Pool: UserPoolId, Client: ClientId });
    const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool).toMatchObject({ Policies, MfaConfiguration: 'ON', UserPoolTags: { stage: 'dev' } });
    expect(UserPool?.SchemaAttributes?.map(({ Name }) => Name)).toContain('custom:team');

    const loose = [
      { ...tenant, Mutable: true },
      { Name: 'team', AttributeDataType: 'String' },
    ];
    const changed = await cloud.update('people', people({ Schema: loose }));
    expect(changed?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');

    await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'people' }));
    const look = () => errorOf(cognito.send(new DescribeUserPoolCommand({ UserPoolId })));
    await vi.waitFor(async () => expect((await look()).name).toBe('ResourceNotFoundException'), 60_000);
  });

  it('gets another client when that is to have a secret', async () => {
    await cloud.create('secrets', people({}, {}).replaceAll('"people"', '"secrets"'));
    const before = await cloud.physicalIds('secrets');
    await cloud.update('secrets', people({}, { GenerateSecret: true }).replaceAll('"people"', '"secrets"'));
    const { Pool: UserPoolId, Client: ClientId } = await cloud.physicalIds('secrets');
    expect(UserPoolId).toBe(before['Pool']);
    expect(ClientId).not.toBe(before['Client']);
    const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(UserPoolClient?.ClientSecret).toBeDefined();
  });
});
