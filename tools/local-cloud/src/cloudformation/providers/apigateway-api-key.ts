import type { ApiKey, PatchOperation } from '@aws-sdk/client-api-gateway';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { replacements } from './apigateway-patches.ts';
import { apiGatewayTags } from './apigateway-tags.ts';
import { tagMap, unlessGone } from './calls.ts';

interface StageKey {
  readonly RestApiId?: string;
  readonly StageName?: string;
}

export const apiGatewayApiKey: ResourceProvider = {
  type: 'AWS::ApiGateway::ApiKey',
  properties: ['CustomerId', 'Description', 'Enabled', 'GenerateDistinctId', 'Name', 'StageKeys', 'Tags', 'Value'],
  async create(request) {
    const { CustomerId, Description, Enabled, Name, StageKeys = [], Tags, Value } = request.properties;
    const { id = '' } = await request.call<ApiKey>('apigateway', 'CreateApiKey', {
      name: Name ?? physicalName(request, { longest: 1024 }),
      enabled: Enabled ?? false,
      ...(CustomerId && { customerId: CustomerId }),
      ...(Description && { description: Description }),
      ...(Value && { value: Value }),
      stageKeys: StageKeys.map(({ RestApiId, StageName }: StageKey) => ({
        restApiId: RestApiId,
        stageName: StageName,
      })),
      ...(Tags && { tags: tagMap(Tags) }),
    });
    return { physicalId: id, attributes: { APIKeyId: id } };
  },
  async update(request) {
    const { physicalId: apiKey, properties, previous } = request;
    const paths = { CustomerId: '/customerId', Description: '/description', Enabled: '/enabled' };
    const patchOperations = [...replacements(request, paths, { Enabled: false }), ...stageKeys(properties, previous)];
    await request.call('apigateway', 'UpdateApiKey', { apiKey, patchOperations });
    await apiGatewayTags(request, `/apikeys/${apiKey}`);
    return { physicalId: apiKey, attributes: { APIKeyId: apiKey } };
  },
  async delete(request) {
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteApiKey', { apiKey: request.physicalId }),
    );
  },
};

function stageKeys({ StageKeys: after = [] }: Properties, { StageKeys: before = [] }: Properties): PatchOperation[] {
  const nameOf = ({ RestApiId, StageName }: StageKey) => `${RestApiId}/${StageName}`;
  const [old, wanted]: string[][] = [before.map(nameOf), after.map(nameOf)];
  return [
    ...(old ?? [])
      .filter((one) => !wanted?.includes(one))
      .map((value) => ({ op: 'remove', path: '/stages', value }) as const),
    ...(wanted ?? [])
      .filter((one) => !old?.includes(one))
      .map((value) => ({ op: 'add', path: '/stages', value }) as const),
  ];
}
