import type { RequestValidator } from '@aws-sdk/client-api-gateway';
import type { ResourceProvider } from '../provider.ts';
import { camelCased, replacements } from './apigateway-patches.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayRequestValidator: ResourceProvider = {
  type: 'AWS::ApiGateway::RequestValidator',
  properties: ['Name', 'RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'],
  async create(request) {
    const { id = '' } = await request.call<RequestValidator>(
      'apigateway',
      'CreateRequestValidator',
      camelCased(request.properties) as object,
    );
    return { physicalId: id, attributes: { RequestValidatorId: id } };
  },
  async update(request) {
    const { physicalId: requestValidatorId, properties } = request;
    const paths = {
      ValidateRequestBody: '/validateRequestBody',
      ValidateRequestParameters: '/validateRequestParameters',
    };
    await request.call('apigateway', 'UpdateRequestValidator', {
      restApiId: properties['RestApiId'],
      requestValidatorId,
      patchOperations: replacements(request, paths, { ValidateRequestBody: false, ValidateRequestParameters: false }),
    });
    return { physicalId: requestValidatorId, attributes: { RequestValidatorId: requestValidatorId } };
  },
  async delete(request) {
    const { RestApiId: restApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteRequestValidator', { restApiId, requestValidatorId: request.physicalId }),
    );
  },
};
