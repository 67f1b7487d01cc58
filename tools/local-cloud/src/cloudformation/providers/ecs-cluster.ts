import type { CreateClusterCommandOutput } from '@aws-sdk/client-ecs';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { type TagEntry, tagChanges, unlessGone } from './calls.ts';
import { lowerFirst } from './ecs-input.ts';

const settings = ['ClusterSettings', 'Configuration'];

export const ecsCluster: ResourceProvider = {
  type: 'AWS::ECS::Cluster',
  properties: ['CapacityProviders', 'ClusterName', 'DefaultCapacityProviderStrategy', 'Tags', ...settings],
  async create(request) {
    const clusterName = request.properties['ClusterName'] ?? physicalName(request, { longest: 255 });
    const input = { ...inputOf(request.properties), clusterName };
    const { cluster } = await request.call<CreateClusterCommandOutput>('ecs', 'CreateCluster', input);
    return { physicalId: clusterName, attributes: { Arn: cluster?.clusterArn } };
  },
  async update(request) {
    const { physicalId: cluster, properties, previous, attributes } = request;
    const { settings: wanted = [], configuration } = inputOf(properties);
    await request.call('ecs', 'UpdateCluster', { cluster, settings: wanted, ...(configuration && { configuration }) });
    const { CapacityProviders, DefaultCapacityProviderStrategy } = properties;
    if (CapacityProviders !== undefined || previous['CapacityProviders'] !== undefined) {
      await request.call('ecs', 'PutClusterCapacityProviders', {
        cluster,
        capacityProviders: CapacityProviders ?? [],
        defaultCapacityProviderStrategy: lowerFirst(DefaultCapacityProviderStrategy ?? []),
      });
    }
    await changeEcsTags(request, String(attributes['Arn']), previous);
    return { physicalId: cluster, attributes };
  },
  async delete(request) {
    await unlessGone(['ClusterNotFoundException'], () =>
      request.call('ecs', 'DeleteCluster', { cluster: request.physicalId }),
    );
  },
};

// biome-ignore lint/suspicious/noExplicitAny: members of the API by their names; the specification has checked them.
function inputOf({ ClusterName: _, ClusterSettings, ...rest }: Properties): Record<string, any> {
  return { ...lowerFirst(rest), ...(ClusterSettings && { settings: lowerFirst(ClusterSettings) }) };
}

/** Makes a resource's tags those of its new properties. */
export async function changeEcsTags(
  request: Parameters<NonNullable<ResourceProvider['update']>>[0],
  resourceArn: string,
  previous: Properties,
): Promise<void> {
  const { set, removed } = tagChanges(previous['Tags'], request.properties['Tags'] as TagEntry[] | undefined);
  if (removed.length > 0) await request.call('ecs', 'UntagResource', { resourceArn, tagKeys: removed });
  if (set.length > 0) await request.call('ecs', 'TagResource', { resourceArn, tags: lowerFirst(set) });
}

export const ecsClusterCapacityProviderAssociations: ResourceProvider = {
  type: 'AWS::ECS::ClusterCapacityProviderAssociations',
  properties: ['CapacityProviders', 'Cluster', 'DefaultCapacityProviderStrategy'],
  async create(request) {
    await request.call('ecs', 'PutClusterCapacityProviders', lowerFirst(request.properties));
    return { physicalId: request.properties['Cluster'] };
  },
  async update(request) {
    await request.call('ecs', 'PutClusterCapacityProviders', lowerFirst(request.properties));
    return { physicalId: request.physicalId };
  },
  async delete(request) {
    const none = { cluster: request.physicalId, capacityProviders: [], defaultCapacityProviderStrategy: [] };
    await unlessGone(['ClusterNotFoundException'], () => request.call('ecs', 'PutClusterCapacityProviders', none));
  },
};
