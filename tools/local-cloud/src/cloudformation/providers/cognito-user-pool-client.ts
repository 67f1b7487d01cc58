import type {
  CreateUserPoolClientCommandOutput,
  DescribeUserPoolClientCommandOutput,
  UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider, ResourceResult } from '../provider.ts';
import { ifThere, unlessGone } from './calls.ts';

const settings = [
  'AccessTokenValidity',
  'AllowedOAuthFlows',
  'AllowedOAuthFlowsUserPoolClient',
  'AllowedOAuthScopes',
  'AuthSessionValidity',
  'CallbackURLs',
  'ClientName',
  'DefaultRedirectURI',
  'EnablePropagateAdditionalUserContextData',
  'EnableTokenRevocation',
  'ExplicitAuthFlows',
  'IdTokenValidity',
  'LogoutURLs',
  'PreventUserExistenceErrors',
  'ReadAttributes',
  'RefreshTokenRotation',
  'RefreshTokenValidity',
  'SupportedIdentityProviders',
  'TokenValidityUnits',
  'WriteAttributes',
];
const gone = ['ResourceNotFoundException'];

export const cognitoUserPoolClient: ResourceProvider = {
  type: 'AWS::Cognito::UserPoolClient',
  properties: [...settings, 'GenerateSecret', 'UserPoolId'],
  async create(request) {
    const ClientName = request.properties['ClientName'] ?? physicalName(request, { longest: 128 });
    const input = { ...request.properties, ClientName };
    const { UserPoolClient } = await request.call<CreateUserPoolClientCommandOutput>(
      'cognito-idp',
      'CreateUserPoolClient',
      input,
    );
    request.created(UserPoolClient?.ClientId as string);
    return resultOf(UserPoolClient);
  },
  async update(request) {
    const { GenerateSecret: _, ...properties } = request.properties;
    const input = { ...properties, ClientId: request.physicalId };
    const { UserPoolClient } = await request.call<CreateUserPoolClientCommandOutput>(
      'cognito-idp',
      'UpdateUserPoolClient',
      input,
    );
    return resultOf(UserPoolClient);
  },
  async delete({ physicalId: ClientId, properties: { UserPoolId }, call }) {
    await unlessGone(gone, () => call('cognito-idp', 'DeleteUserPoolClient', { UserPoolId, ClientId }));
  },
  async read({ physicalId: ClientId, properties: { UserPoolId }, call }) {
    const input = { UserPoolId, ClientId };
    const found = await ifThere(gone, () =>
      call<DescribeUserPoolClientCommandOutput>('cognito-idp', 'DescribeUserPoolClient', input),
    );
    const client = found?.UserPoolClient;
    if (!client) return undefined;
    const properties = Object.fromEntries(settings.map((name) => [name, client[name as keyof UserPoolClientType]]));
    return { ...resultOf(client), properties: { ...properties, UserPoolId } };
  },
};

function resultOf(client: UserPoolClientType | undefined): ResourceResult {
  const { ClientId = '', ClientSecret, ClientName } = client ?? {};
  return { physicalId: ClientId, attributes: { ClientId, ClientSecret, Name: ClientName } };
}
