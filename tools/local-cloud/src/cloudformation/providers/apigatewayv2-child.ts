import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

/** One of the things an HTTP API is made of, whose properties are the operations' members by the same names. */
function httpApiChild(name: 'Authorizer' | 'Integration' | 'Route', properties: readonly string[]): ResourceProvider {
  const member = `${name}Id`;
  const result = (id: string) => ({ physicalId: id, attributes: { [member]: id } });
  return {
    type: `AWS::ApiGatewayV2::${name}`,
    properties,
    async create(request) {
      const answer = await request.call<Properties>('apigatewayv2', `Create${name}`, request.properties);
      return result(String(answer[member]));
    },
    async update(request) {
      const { physicalId, properties: given } = request;
      await request.call('apigatewayv2', `Update${name}`, { ...given, [member]: physicalId });
      return result(physicalId);
    },
    async delete(request) {
      const { ApiId } = request.properties;
      await unlessGone(['NotFoundException'], () =>
        request.call('apigatewayv2', `Delete${name}`, { ApiId, [member]: request.physicalId }),
      );
    },
  };
}

export const apiGatewayV2Authorizer = httpApiChild('Authorizer', [
  'ApiId',
  'AuthorizerCredentialsArn',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'AuthorizerType',
  'AuthorizerUri',
  'EnableSimpleResponses',
  'IdentitySource',
  'JwtConfiguration',
  'Name',
]);

export const apiGatewayV2Integration = httpApiChild('Integration', [
  'ApiId',
  'ConnectionType',
  'CredentialsArn',
  'Description',
  'IntegrationMethod',
  'IntegrationType',
  'IntegrationUri',
  'PayloadFormatVersion',
  'TimeoutInMillis',
]);

export const apiGatewayV2Route = httpApiChild('Route', [
  'ApiId',
  'AuthorizationScopes',
  'AuthorizationType',
  'AuthorizerId',
  'OperationName',
  'RouteKey',
  'Target',
]);
