import type { Authorizer, PatchOperation } from '@aws-sdk/client-api-gateway';
import type { ResourceProvider } from '../provider.ts';
import { camelCased, replacements } from './apigateway-patches.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayAuthorizer: ResourceProvider = {
  type: 'AWS::ApiGateway::Authorizer',
  properties: [
    'AuthType',
    'AuthorizerCredentials',
    'AuthorizerResultTtlInSeconds',
    'AuthorizerUri',
    'IdentitySource',
    'IdentityValidationExpression',
    'Name',
    'ProviderARNs',
    'RestApiId',
    'Type',
  ],
  async create(request) {
    const { id = '' } = await request.call<Authorizer>(
      'apigateway',
      'CreateAuthorizer',
      camelCased(request.properties) as object,
    );
    return { physicalId: id, attributes: { AuthorizerId: id } };
  },
  async update(request) {
    const { physicalId: authorizerId, properties, previous } = request;
    const [before, after]: [string[], string[]] = [previous['ProviderARNs'] ?? [], properties['ProviderARNs'] ?? []];
    const pools: PatchOperation[] = [
      ...after
        .filter((arn) => !before.includes(arn))
        .map((value): PatchOperation => ({ op: 'add', path: '/providerARNs', value })),
      ...before
        .filter((arn) => !after.includes(arn))
        .map((value): PatchOperation => ({ op: 'remove', path: '/providerARNs', value })),
    ];
    const paths = {
      AuthorizerCredentials: '/authorizerCredentials',
      AuthorizerResultTtlInSeconds: '/authorizerResultTtlInSeconds',
      AuthorizerUri: '/authorizerUri',
      IdentitySource: '/identitySource',
      IdentityValidationExpression: '/identityValidationExpression',
      Name: '/name',
    };
    await request.call('apigateway', 'UpdateAuthorizer', {
      restApiId: properties['RestApiId'],
      authorizerId,
      patchOperations: [...replacements(request, paths, { AuthorizerResultTtlInSeconds: 300 }), ...pools],
    });
    return { physicalId: authorizerId, attributes: { AuthorizerId: authorizerId } };
  },
  async delete(request) {
    const { RestApiId: restApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteAuthorizer', { restApiId, authorizerId: request.physicalId }),
    );
  },
};
