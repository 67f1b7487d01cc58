import type { Model } from '@aws-sdk/client-api-gateway';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

export const apiGatewayModel: ResourceProvider = {
  type: 'AWS::ApiGateway::Model',
  properties: ['ContentType', 'Description', 'Name', 'RestApiId', 'Schema'],
  async create(request) {
    const { ContentType = 'application/json', Description, Name, RestApiId, Schema } = request.properties;
    const { name = '' } = await request.call<Model>('apigateway', 'CreateModel', {
      restApiId: RestApiId,
      // Letters and digits are all a model's name may have.
      name: Name ?? physicalName(request, { longest: 128 }).replace(/[^a-zA-Z0-9]/g, ''),
      contentType: ContentType,
      ...(Description && { description: Description }),
      schema: schemaText(Schema),
    });
    return { physicalId: name };
  },
  async update(request) {
    const { physicalId: modelName, properties } = request;
    const { Description = '', RestApiId, Schema } = properties;
    await request.call('apigateway', 'UpdateModel', {
      restApiId: RestApiId,
      modelName,
      patchOperations: [
        { op: 'replace', path: '/description', value: Description },
        { op: 'replace', path: '/schema', value: schemaText(Schema) },
      ],
    });
    return { physicalId: modelName };
  },
  async delete(request) {
    const { RestApiId: restApiId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteModel', { restApiId, modelName: request.physicalId }),
    );
  },
};

function schemaText(schema: Properties | string = {}): string {
  return policyText(schema);
}
