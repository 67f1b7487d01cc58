import type { Resource } from '@aws-sdk/client-api-gateway';
import type { ResourceProvider } from '../provider.ts';
import { ifThere, unlessGone } from './calls.ts';

export const apiGatewayResource: ResourceProvider = {
  type: 'AWS::ApiGateway::Resource',
  properties: ['ParentId', 'PathPart', 'RestApiId'],
  async create(request) {
    const { RestApiId: restApiId, ParentId: parentId, PathPart: pathPart } = request.properties;
    const { id = '' } = await request.call<Resource>('apigateway', 'CreateResource', { restApiId, parentId, pathPart });
    return { physicalId: id, attributes: { ResourceId: id } };
  },
  async delete(request) {
    const { RestApiId: restApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteResource', { restApiId, resourceId: request.physicalId }),
    );
  },
  async read(request) {
    const { RestApiId } = request.properties;
    const found = await ifThere(['NotFoundException'], () =>
      request.call<Resource>('apigateway', 'GetResource', { restApiId: RestApiId, resourceId: request.physicalId }),
    );
    if (!found) return undefined;
    const { id = '', parentId, pathPart } = found;
    return {
      physicalId: id,
      attributes: { ResourceId: id },
      properties: { RestApiId, ParentId: parentId, PathPart: pathPart },
    };
  },
};
