import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { camelCased } from './apigateway-patches.ts';
import { unlessGone } from './calls.ts';

/** Maps whose keys are the user's: parameter names and content types. */
const verbatim = [
  'RequestModels',
  'RequestParameters',
  'RequestTemplates',
  'ResponseModels',
  'ResponseParameters',
  'ResponseTemplates',
];

export const apiGatewayMethod: ResourceProvider = {
  type: 'AWS::ApiGateway::Method',
  properties: [
    'ApiKeyRequired',
    'AuthorizationScopes',
    'AuthorizationType',
    'AuthorizerId',
    'HttpMethod',
    'Integration',
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
    'ResourceId',
    'RestApiId',
  ],
  async create(request) {
    await put(request);
    return { physicalId: physicalIdOf(request.properties) };
  },
  /** The method is put anew as a whole: deployed stages have a snapshot of their own. */
  async update(request) {
    await request.call('apigateway', 'DeleteMethod', nameOf(request.previous));
    await put(request);
    return { physicalId: physicalIdOf(request.properties) };
  },
  async delete(request) {
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteMethod', nameOf(request.properties)),
    );
  },
};

async function put(request: ResourceRequest): Promise<void> {
  const { Integration, MethodResponses = [], AuthorizationType = 'NONE', ...method } = request.properties;
  const name = nameOf(request.properties);
  const input = camelCased({ ...method, AuthorizationType }, verbatim) as object;
  await request.call('apigateway', 'PutMethod', input);
  for (const response of MethodResponses) {
    await request.call('apigateway', 'PutMethodResponse', { ...name, ...(camelCased(response, verbatim) as object) });
  }
  if (!Integration) return;
  const { IntegrationResponses = [], ...integration } = Integration;
  await request.call('apigateway', 'PutIntegration', { ...name, ...(camelCased(integration, verbatim) as object) });
  for (const response of IntegrationResponses) {
    await request.call('apigateway', 'PutIntegrationResponse', {
      ...name,
      ...(camelCased(response, verbatim) as object),
    });
  }
}

function nameOf({ RestApiId, ResourceId, HttpMethod }: Properties) {
  return { restApiId: RestApiId, resourceId: ResourceId, httpMethod: HttpMethod };
}

function physicalIdOf({ RestApiId, ResourceId, HttpMethod }: Properties): string {
  return `${RestApiId}|${ResourceId}|${HttpMethod}`;
}
