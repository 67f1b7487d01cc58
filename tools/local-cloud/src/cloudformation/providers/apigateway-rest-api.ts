import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation, RestApi } from '@aws-sdk/client-api-gateway';
import type { Properties, ResourceProvider, ResourceResult } from '../provider.ts';
import { replacements, segment } from './apigateway-patches.ts';
import { apiGatewayTags } from './apigateway-tags.ts';
import { ifThere, policyText, tagList, tagMap, unlessGone } from './calls.ts';

export const apiGatewayRestApi: ResourceProvider = {
  type: 'AWS::ApiGateway::RestApi',
  properties: [
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'MinimumCompressionSize',
    'Name',
    'Policy',
    'Tags',
  ],
  async create(request) {
    const api = await request.call<RestApi>('apigateway', 'CreateRestApi', inputOf(request.properties));
    return resultOf(api);
  },
  async update(request) {
    const { physicalId: restApiId, properties, previous } = request;
    const patchOperations: PatchOperation[] = [
      ...replacements(
        request,
        {
          Name: '/name',
          Description: '/description',
          ApiKeySourceType: '/apiKeySource',
          DisableExecuteApiEndpoint: '/disableExecuteApiEndpoint',
          MinimumCompressionSize: '/minimumCompressionSize',
        },
        { ApiKeySourceType: 'HEADER', DisableExecuteApiEndpoint: false },
      ),
      ...binaryTypes(properties, previous),
      ...endpointType(properties, previous),
      ...policy(properties, previous),
    ];
    const api = await request.call<RestApi>('apigateway', 'UpdateRestApi', { restApiId, patchOperations });
    await apiGatewayTags(request, `/restapis/${restApiId}`);
    return resultOf(api);
  },
  async delete(request) {
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteRestApi', { restApiId: request.physicalId }),
    );
  },
  async read(request) {
    const api = await ifThere(['NotFoundException'], () =>
      request.call<RestApi>('apigateway', 'GetRestApi', { restApiId: request.physicalId }),
    );
    return api && { ...resultOf(api), properties: propertiesOf(api) };
  },
};

function inputOf({ Policy, Tags, EndpointConfiguration, ApiKeySourceType, ...given }: Properties): object {
  return {
    name: given['Name'],
    ...(given['Description'] && { description: given['Description'] }),
    ...(given['BinaryMediaTypes'] && { binaryMediaTypes: given['BinaryMediaTypes'] }),
    ...(given['MinimumCompressionSize'] !== undefined && { minimumCompressionSize: given['MinimumCompressionSize'] }),
    ...(given['DisableExecuteApiEndpoint'] !== undefined && {
      disableExecuteApiEndpoint: given['DisableExecuteApiEndpoint'],
    }),
    ...(ApiKeySourceType && { apiKeySource: ApiKeySourceType }),
    ...(EndpointConfiguration && { endpointConfiguration: { types: EndpointConfiguration.Types } }),
    ...(Policy && { policy: policyText(Policy) }),
    ...(Tags && { tags: tagMap(Tags) }),
  };
}

function resultOf({ id = '', rootResourceId }: RestApi): ResourceResult {
  return { physicalId: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
}

function propertiesOf(api: RestApi): Properties {
  return {
    Name: api.name,
    Description: api.description,
    ApiKeySourceType: api.apiKeySource,
    BinaryMediaTypes: api.binaryMediaTypes,
    DisableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    EndpointConfiguration: { Types: api.endpointConfiguration?.types },
    MinimumCompressionSize: api.minimumCompressionSize,
    Policy: api.policy && JSON.parse(api.policy),
    Tags: tagList(api.tags),
  };
}

function binaryTypes(
  { BinaryMediaTypes: after = [] }: Properties,
  { BinaryMediaTypes: before = [] }: Properties,
): PatchOperation[] {
  const change = (op: 'add' | 'remove') => (type: string) =>
    ({ op, path: `/binaryMediaTypes/${segment(type)}`, value: '' }) as const;
  return [
    ...before.filter((type: string) => !after.includes(type)).map(change('remove')),
    ...after.filter((type: string) => !before.includes(type)).map(change('add')),
  ];
}

function endpointType(
  { EndpointConfiguration: after }: Properties,
  { EndpointConfiguration: before }: Properties,
): PatchOperation[] {
  const [old = 'EDGE', value = 'EDGE'] = [before?.Types?.[0], after?.Types?.[0]];
  return old === value ? [] : [{ op: 'replace', path: `/endpointConfiguration/types/${old}`, value }];
}

function policy({ Policy: after }: Properties, { Policy: before }: Properties): PatchOperation[] {
  if (isDeepStrictEqual(after, before)) return [];
  return [after ? { op: 'replace', path: '/policy', value: policyText(after) } : { op: 'remove', path: '/policy' }];
}
