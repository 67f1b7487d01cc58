import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

const gone = ['ResourceNotFoundException', 'UserNotFoundException'];

export const cognitoUserPoolDomain: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolDomain',
  properties: ['CustomDomainConfig', 'Domain', 'ManagedLoginVersion', 'UserPoolId'],
  async create({ properties, call, created }) {
    await call('cognito-idp', 'CreateUserPoolDomain', properties);
    created(properties['Domain']);
    return { physicalId: properties['Domain'], attributes: { CloudFrontDistribution: '' } };
  },
  async update({ properties, call, physicalId }) {
    await call('cognito-idp', 'UpdateUserPoolDomain', properties);
    return { physicalId, attributes: { CloudFrontDistribution: '' } };
  },
  async delete({ physicalId: Domain, properties: { UserPoolId }, call }) {
    const input = { UserPoolId, Domain };
    const isGone = [...gone, 'InvalidParameterException'];
    await unlessGone(isGone, () => call('cognito-idp', 'DeleteUserPoolDomain', input));
  },
};

export const cognitoUserPoolGroup: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolGroup',
  properties: ['Description', 'GroupName', 'Precedence', 'RoleArn', 'UserPoolId'],
  async create(request) {
    const GroupName = request.properties['GroupName'] ?? physicalName(request, { longest: 128 });
    await request.call('cognito-idp', 'CreateGroup', { ...request.properties, GroupName });
    request.created(GroupName);
    return { physicalId: GroupName };
  },
  async update({ properties, physicalId: GroupName, call }) {
    await call('cognito-idp', 'UpdateGroup', { ...properties, GroupName });
    return { physicalId: GroupName };
  },
  async delete({ physicalId: GroupName, properties: { UserPoolId }, call }) {
    await unlessGone(gone, () => call('cognito-idp', 'DeleteGroup', { UserPoolId, GroupName }));
  },
};

export const cognitoUserPoolUser: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolUser',
  properties: [
    'ClientMetadata',
    'DesiredDeliveryMediums',
    'ForceAliasCreation',
    'MessageAction',
    'UserAttributes',
    'Username',
    'UserPoolId',
    'ValidationData',
  ],
  async create(request) {
    const given = request.properties['Username'] ?? physicalName(request, { longest: 128 });
    const input = { ...request.properties, Username: given };
    const answer = await request.call<{ User?: { Username?: string } }>('cognito-idp', 'AdminCreateUser', input);
    const physicalId = answer.User?.Username ?? given;
    request.created(physicalId);
    return { physicalId };
  },
  async delete({ physicalId: Username, properties: { UserPoolId }, call }) {
    await unlessGone(gone, () => call('cognito-idp', 'AdminDeleteUser', { UserPoolId, Username }));
  },
};

export const cognitoUserPoolResourceServer: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolResourceServer',
  properties: ['Identifier', 'Name', 'Scopes', 'UserPoolId'],
  async create({ properties, call, created }) {
    await call('cognito-idp', 'CreateResourceServer', properties);
    created(properties['Identifier']);
    return { physicalId: properties['Identifier'] };
  },
  async update({ properties, physicalId, call }) {
    await call('cognito-idp', 'UpdateResourceServer', properties);
    return { physicalId };
  },
  async delete({ physicalId: Identifier, properties: { UserPoolId }, call }) {
    await unlessGone(gone, () => call('cognito-idp', 'DeleteResourceServer', { UserPoolId, Identifier }));
  },
};

export const cognitoUserPoolUserToGroupAttachment: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
  properties: ['GroupName', 'Username', 'UserPoolId'],
  async create(request) {
    await request.call('cognito-idp', 'AdminAddUserToGroup', request.properties);
    return { physicalId: physicalName(request, { longest: 128 }) };
  },
  async delete({ properties, call }) {
    await unlessGone(gone, () => call('cognito-idp', 'AdminRemoveUserFromGroup', properties));
  },
};
