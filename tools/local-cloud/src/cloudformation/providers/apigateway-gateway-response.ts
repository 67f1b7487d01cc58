import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayGatewayResponse: ResourceProvider = {
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: ['ResponseParameters', 'ResponseTemplates', 'ResponseType', 'RestApiId', 'StatusCode'],
  async create(request) {
    await put(request);
    const physicalId = physicalName(request, { longest: 128 });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(request) {
    await put(request);
    return { physicalId: request.physicalId, attributes: { Id: request.physicalId } };
  },
  async delete(request) {
    const { restApiId, responseType } = inputOf(request.properties);
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteGatewayResponse', { restApiId, responseType }),
    );
  },
};

async function put(request: ResourceRequest): Promise<void> {
  await request.call('apigateway', 'PutGatewayResponse', inputOf(request.properties));
}

function inputOf({ ResponseParameters, ResponseTemplates, ResponseType, RestApiId, StatusCode }: Properties) {
  return {
    restApiId: RestApiId as string,
    responseType: ResponseType as string,
    ...(StatusCode && { statusCode: StatusCode }),
    ...(ResponseParameters && { responseParameters: ResponseParameters }),
    ...(ResponseTemplates && { responseTemplates: ResponseTemplates }),
  };
}
