import type {
  DescribeParametersCommandOutput,
  GetParametersCommandOutput,
  ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-ssm';
import { randomText } from '../physical-name.ts';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const ssmParameter: ResourceProvider = {
  type: 'AWS::SSM::Parameter',
  properties: ['AllowedPattern', 'DataType', 'Description', 'Name', 'Policies', 'Tags', 'Tier', 'Type', 'Value'],
  async create(request) {
    const { Tags = {}, ...own } = request.properties;
    const Name = own['Name'] ?? `CFN-${request.logicalId}-${randomText(12)}`;
    const tags = Object.entries(Tags).map(([Key, Value]) => ({ Key, Value }));
    await request.call('ssm', 'PutParameter', { ...own, Name, ...(tags.length > 0 && { Tags: tags }) });
    return resultOf(request, Name);
  },
  async update(request) {
    const { physicalId: Name, previous } = request;
    const { Tags: tags = {}, ...own } = request.properties;
    await request.call('ssm', 'PutParameter', { ...own, Name, Overwrite: true });
    const resource = { ResourceType: 'Parameter', ResourceId: Name };
    const removed = Object.keys(previous['Tags'] ?? {}).filter((key) => !(key in tags));
    if (removed.length > 0) await request.call('ssm', 'RemoveTagsFromResource', { ...resource, TagKeys: removed });
    const set = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (set.length > 0) await request.call('ssm', 'AddTagsToResource', { ...resource, Tags: set });
    return resultOf(request, Name);
  },
  async delete(request) {
    await unlessGone(['ParameterNotFound'], () => request.call('ssm', 'DeleteParameter', { Name: request.physicalId }));
  },
  async read(request) {
    const { physicalId: Name, call } = request;
    const { Parameters } = await call<GetParametersCommandOutput>('ssm', 'GetParameters', { Names: [Name] });
    const [parameter] = Parameters ?? [];
    if (!parameter) return undefined;
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [Name] }];
    const described = await call<DescribeParametersCommandOutput>('ssm', 'DescribeParameters', { ParameterFilters });
    const { Description, AllowedPattern, Tier } = described.Parameters?.[0] ?? {};
    const resource = { ResourceType: 'Parameter', ResourceId: Name };
    const { TagList = [] } = await call<ListTagsForResourceCommandOutput>('ssm', 'ListTagsForResource', resource);
    const { Type, Value, DataType } = parameter;
    const Tags = TagList.length > 0 ? Object.fromEntries(TagList.map((tag) => [tag.Key, tag.Value])) : undefined;
    const properties = { Name, Type, Value, DataType, Description, AllowedPattern, Tier, Tags };
    return { ...resultOf({ ...request, properties }, Name), properties };
  },
};

function resultOf({ account, region, properties }: ResourceRequest, name: string): ResourceResult {
  return {
    physicalId: name,
    attributes: {
      Type: properties['Type'],
      Value: properties['Value'],
      Arn: `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`,
    },
  };
}
