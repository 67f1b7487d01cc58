import type { Api } from '@aws-sdk/client-apigatewayv2';
import type { ResourceProvider, ResourceResult } from '../provider.ts';
import { ifThere, unlessGone } from './calls.ts';

export const apiGatewayV2Api: ResourceProvider = {
  type: 'AWS::ApiGatewayV2::Api',
  properties: [
    'CorsConfiguration',
    'Description',
    'DisableExecuteApiEndpoint',
    'Name',
    'ProtocolType',
    'RouteSelectionExpression',
    'Tags',
    'Version',
  ],
  async create(request) {
    return resultOf(await request.call<Api>('apigatewayv2', 'CreateApi', request.properties));
  },
  async update(request) {
    const { physicalId: ApiId, properties, previous } = request;
    const { Tags = {}, ProtocolType: _protocol, Description = '', ...given } = properties;
    const gone = Object.keys(previous['Tags'] ?? {}).filter((key) => !(key in Tags));
    const ResourceArn = `arn:aws:apigateway:${request.region}::/apis/${ApiId}`;
    if (!given['CorsConfiguration']) await request.call('apigatewayv2', 'DeleteCorsConfiguration', { ApiId });
    const api = await request.call<Api>('apigatewayv2', 'UpdateApi', { ApiId, Description, ...given });
    if (gone.length > 0) await request.call('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys: gone });
    await request.call('apigatewayv2', 'TagResource', { ResourceArn, Tags });
    return resultOf(api);
  },
  async delete(request) {
    await unlessGone(['NotFoundException'], () =>
      request.call('apigatewayv2', 'DeleteApi', { ApiId: request.physicalId }),
    );
  },
  async read(request) {
    const api = await ifThere(['NotFoundException'], () =>
      request.call<Api>('apigatewayv2', 'GetApi', { ApiId: request.physicalId }),
    );
    if (!api) return undefined;
    const { CorsConfiguration, Description, Name, ProtocolType, DisableExecuteApiEndpoint, Version } = api;
    const properties = { CorsConfiguration, Description, Name, ProtocolType, DisableExecuteApiEndpoint, Version };
    return { ...resultOf(api), properties };
  },
};

function resultOf({ ApiId = '', ApiEndpoint }: Api): ResourceResult {
  return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint } };
}
