import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation, RestApi } from '@aws-sdk/client-api-gateway';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { replacements, segment } from './apigateway-patches.ts';
import { apiGatewayTags } from './apigateway-tags.ts';
import { ifThere, policyText, tagList, tagMap, unlessGone } from './calls.ts';

export const apiGatewayRestApi: ResourceProvider = {
  type: 'AWS::ApiGateway::RestApi',
  properties: [
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'Body',
    'BodyS3Location',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'MinimumCompressionSize',
    'Mode',
    'Name',
    'Policy',
    'Tags',
  ],
  async create(request) {
    const { properties } = request;
    const api = await request.call<RestApi>('apigateway', 'CreateRestApi', inputOf(properties));
    if (!properties['Body'] && !properties['BodyS3Location']) return resultOf(api);
    const { id: physicalId = '' } = api;
    request.created(physicalId);
    await define(request, physicalId);
    return resultOf(await change({ ...request, physicalId, previous: overwritten(properties) }));
  },
  async update(request) {
    const { physicalId, properties, previous } = request;
    const [after, before] = [properties, previous].map(({ Body, BodyS3Location }) => ({ Body, BodyS3Location }));
    const isDefinedAnew = !isDeepStrictEqual(after, before);
    if (isDefinedAnew) await define(request, physicalId);
    const api = await change({ ...request, previous: isDefinedAnew ? overwritten(previous) : previous });
    await apiGatewayTags(request, `/restapis/${physicalId}`);
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

/** What the OpenAPI document says takes the place of all there is, but for the endpoint's type. */
async function define(request: ResourceRequest, restApiId: string): Promise<void> {
  const { Body, BodyS3Location, Mode: mode = 'overwrite' } = request.properties;
  if (!Body && !BodyS3Location) return;
  const body = Body ? Buffer.from(JSON.stringify(Body)) : await documentAt(request, BodyS3Location);
  await request.call('apigateway', 'PutRestApi', { restApiId, mode, body });
}

/** What is left of an API's properties after that: the others have to be set again. */
const overwritten = ({ EndpointConfiguration }: Properties): Properties => ({ EndpointConfiguration });

type Change = ResourceRequest & { readonly physicalId: string; readonly previous: Properties };

function change(request: Change): Promise<RestApi> {
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
  return request.call<RestApi>('apigateway', 'UpdateRestApi', { restApiId, patchOperations });
}

async function documentAt(request: ResourceRequest, { Bucket, Key, Version }: Properties): Promise<Uint8Array> {
  const object = { Bucket, Key, ...(Version && { VersionId: Version }) };
  return (await request.call<{ Body: Uint8Array }>('s3', 'GetObject', object)).Body;
}

function inputOf({ Policy, Tags, EndpointConfiguration, ApiKeySourceType, ...given }: Properties): object {
  return {
    // Of an API with a document, until that says it.
    name: given['Name'] ?? (given['Body'] || given['BodyS3Location'] ? 'imported' : undefined),
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
