import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  ECSClient,
  ListClustersCommand,
  ListTagsForResourceCommand,
  PutClusterCapacityProvidersCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterCommand,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { clusterOf, guide, reference, serviceOf } from './ecs-support.ts';

/** Claims about clusters. */
export const clusterClaims: readonly Claim[] = [
  {
    operation: 'CreateCluster',
    beside: ['DescribeClusters', 'ListClusters', 'DeleteCluster'],
    claim: 'gives the same active cluster for a name it has; deleted, it is inactive',
    source: reference('CreateCluster'),
    async run(target) {
      const { ecs, cluster, made } = await clusterOf(target);
      const again = await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
      expect(again.cluster?.clusterArn).toBe(made?.clusterArn);
      const listed = await ecs.send(new ListClustersCommand({ maxResults: 100 }));
      expect(listed.clusterArns).toContain(made?.clusterArn);
      expect(made).toMatchObject({ status: 'ACTIVE', runningTasksCount: 0, activeServicesCount: 0 });
      const { cluster: deleted } = await ecs.send(new DeleteClusterCommand({ cluster }));
      expect(deleted?.status).toBe('INACTIVE');
      await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    },
  },
  {
    operation: 'DescribeClusters',
    claim: 'reports a cluster that is not there as a failure, not as an error',
    source: guide('API failure reasons'),
    async run(target) {
      const { failures } = await target
        .client(ECSClient)
        .send(new DescribeClustersCommand({ clusters: [target.name()] }));
      expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    },
  },
  {
    operation: 'DeleteCluster',
    claim: 'refuses a cluster that has services',
    source: reference('DeleteCluster'),
    async run(target) {
      const { ecs, cluster } = await serviceOf(target);
      const error = await refusal(ecs.send(new DeleteClusterCommand({ cluster })));
      expect(error.name).toBe('ClusterContainsServicesException');
    },
  },
  {
    operation: 'PutClusterCapacityProviders',
    claim: "sets Fargate's capacity providers and the default strategy",
    source: guide('Amazon ECS clusters for Fargate workloads'),
    async run(target) {
      const { ecs, cluster } = await clusterOf(target);
      const defaultCapacityProviderStrategy = [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ];
      const capacityProviders = ['FARGATE', 'FARGATE_SPOT'];
      await target.until(() =>
        ecs.send(
          new PutClusterCapacityProvidersCommand({ cluster, capacityProviders, defaultCapacityProviderStrategy }),
        ),
      );
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
      expect(clusters?.[0]?.capacityProviders?.toSorted()).toEqual(capacityProviders);
      expect(clusters?.[0]?.defaultCapacityProviderStrategy).toMatchObject(defaultCapacityProviderStrategy);
    },
  },
  {
    operation: 'UpdateCluster',
    claim: 'turns Container Insights on',
    source: reference('UpdateCluster'),
    async run(target) {
      const { ecs, cluster } = await clusterOf(target);
      const settings = [{ name: 'containerInsights' as const, value: 'enabled' }];
      await ecs.send(new UpdateClusterCommand({ cluster, settings }));
      const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster], include: ['SETTINGS'] }));
      expect(clusters).toMatchObject([{ settings }]);
    },
  },
  {
    operation: 'TagResource',
    beside: ['ListTagsForResource', 'UntagResource'],
    claim: 'sets tags of a cluster; untagged, they are gone',
    source: reference('TagResource'),
    async run(target) {
      const { ecs, made } = await clusterOf(target);
      const resourceArn = made?.clusterArn;
      const tags = [{ key: 'team', value: 'orders' }];
      const read = async () => (await ecs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
      await ecs.send(new TagResourceCommand({ resourceArn, tags }));
      expect(await read()).toEqual(tags);
      await ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
      expect(await read()).toEqual([]);
    },
  },
];
