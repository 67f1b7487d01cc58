import type {
  Cluster,
  CreateClusterCommandInput,
  CreateClusterCommandOutput,
  DeleteClusterCommandInput,
  DeleteClusterCommandOutput,
  DescribeClustersCommandInput,
  DescribeClustersCommandOutput,
  ListClustersCommandInput,
  ListClustersCommandOutput,
  PutClusterCapacityProvidersCommandInput,
  PutClusterCapacityProvidersCommandOutput,
  UpdateClusterCommandInput,
  UpdateClusterCommandOutput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { checkStrategy, fargateProviders } from './capacity-strategy.ts';
import { clusterNotFound, invalidParameter, unsupported } from './errors.ts';
import { page } from './page.ts';
import { ecsArn, ecsState, lastPart, type Place } from './state.ts';

export function clusterArn(place: Pick<Place, 'account' | 'region'>, nameOrArn: string | undefined): string {
  return ecsArn(place, `cluster/${lastPart(nameOrArn ?? 'default')}`);
}

/** A cluster by name or ARN, `default` when none is named. Throws ClusterNotFoundException. */
export function clusterOf(place: Place, nameOrArn: string | undefined): Cluster {
  const cluster = ecsState(place.cloud, place).clusters.get(lastPart(nameOrArn ?? 'default'));
  if (cluster?.status !== 'ACTIVE') throw clusterNotFound();
  return cluster;
}

/** Demands one action on the cluster that the input names. */
function onCluster(action: string) {
  return (input: { cluster?: string | undefined; clusterName?: string | undefined }, call: Call) => [
    { action: `ecs:${action}`, resource: clusterArn(call, input.cluster ?? input.clusterName) },
  ];
}

export const createCluster = operation<CreateClusterCommandInput, CreateClusterCommandOutput>({
  demands: onCluster('CreateCluster'),
  run(input, call) {
    const { clusterName = 'default', capacityProviders = [], defaultCapacityProviderStrategy = [] } = input;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(clusterName)) {
      throw invalidParameter('Cluster names are 1 to 255 letters, numbers, underscores, and hyphens.');
    }
    if (input.serviceConnectDefaults) throw unsupported('Service Connect');
    const { clusters } = ecsState(call.cloud, call);
    const existing = clusters.get(clusterName);
    // As on AWS, a cluster that is there is answered as it is.
    if (existing?.status === 'ACTIVE') return { cluster: counted(existing, call) };
    checkProviders(capacityProviders, defaultCapacityProviderStrategy);
    const cluster: Cluster = {
      clusterArn: clusterArn(call, clusterName),
      clusterName,
      status: 'ACTIVE',
      settings: input.settings ?? [{ name: 'containerInsights', value: 'disabled' }],
      ...(input.configuration && { configuration: input.configuration }),
      capacityProviders,
      defaultCapacityProviderStrategy,
      tags: input.tags ?? [],
      registeredContainerInstancesCount: 0,
      statistics: [],
    };
    clusters.set(clusterName, cluster);
    return { cluster: counted(cluster, call) };
  },
});

export const describeClusters = operation<DescribeClustersCommandInput, DescribeClustersCommandOutput>({
  demands: ({ clusters = ['default'] }, call) =>
    clusters.map((name) => ({ action: 'ecs:DescribeClusters', resource: clusterArn(call, name) })),
  run({ clusters: names = ['default'], include = [] }, call) {
    const { clusters } = ecsState(call.cloud, call);
    const missing = names.filter((name) => !clusters.has(lastPart(name)));
    const found = names.flatMap((name) => clusters.get(lastPart(name)) ?? []);
    return {
      clusters: found.map((cluster) => {
        const { tags, settings, configuration, ...rest } = counted(cluster, call);
        return {
          ...rest,
          settings: include.includes('SETTINGS') ? settings : [],
          tags: include.includes('TAGS') ? tags : [],
          ...(include.includes('CONFIGURATIONS') && { configuration }),
        };
      }),
      failures: missing.map((name) => ({ arn: clusterArn(call, name), reason: 'MISSING' })),
    };
  },
});

export const listClusters = operation<ListClustersCommandInput, ListClustersCommandOutput>({
  demands: () => [{ action: 'ecs:ListClusters', resource: '*' }],
  run(input, call) {
    const active = [...ecsState(call.cloud, call).clusters.values()].filter(({ status }) => status === 'ACTIVE');
    const { items, nextToken } = page(
      active.map((cluster) => cluster.clusterArn ?? ''),
      input,
    );
    return { clusterArns: items, nextToken };
  },
});

export const updateCluster = operation<UpdateClusterCommandInput, UpdateClusterCommandOutput>({
  demands: onCluster('UpdateCluster'),
  run({ cluster: name, settings, configuration, serviceConnectDefaults }, call) {
    if (serviceConnectDefaults) throw unsupported('Service Connect');
    const cluster = clusterOf(call, name);
    if (settings) cluster.settings = settings;
    if (configuration) cluster.configuration = configuration;
    return { cluster: counted(cluster, call) };
  },
});

export const putClusterCapacityProviders = operation<
  PutClusterCapacityProvidersCommandInput,
  PutClusterCapacityProvidersCommandOutput
>({
  demands: onCluster('PutClusterCapacityProviders'),
  run({ cluster: name, capacityProviders = [], defaultCapacityProviderStrategy = [] }, call) {
    const cluster = clusterOf(call, name);
    checkProviders(capacityProviders, defaultCapacityProviderStrategy);
    Object.assign(cluster, { capacityProviders, defaultCapacityProviderStrategy });
    return { cluster: counted(cluster, call) };
  },
});

export const deleteCluster = operation<DeleteClusterCommandInput, DeleteClusterCommandOutput>({
  demands: onCluster('DeleteCluster'),
  run({ cluster: name }, call) {
    const cluster = clusterOf(call, name);
    const now = counted(cluster, call);
    if (now.activeServicesCount) {
      throw new AwsError(
        'ClusterContainsServicesException',
        'The Cluster cannot be deleted while Services are active.',
      );
    }
    if (now.runningTasksCount || now.pendingTasksCount) {
      throw new AwsError('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
    }
    ecsState(call.cloud, call).clusters.delete(cluster.clusterName ?? '');
    return { cluster: { ...now, status: 'INACTIVE' } };
  },
});

function checkProviders(providers: readonly string[], strategy: Parameters<typeof checkStrategy>[0]): void {
  const other = providers.find((provider) => !fargateProviders.includes(provider));
  if (other) throw unsupported(`the capacity provider ${other}; it has ${fargateProviders.join(' and ')}`);
  checkStrategy(strategy, providers);
}

function counted(cluster: Cluster, call: Call): Cluster {
  const { services, tasks } = ecsState(call.cloud, call);
  const own = [...tasks.values()].filter((task) => task.clusterArn === cluster.clusterArn);
  const active = [...services.values()].filter(({ description }) => description.clusterArn === cluster.clusterArn);
  return {
    ...cluster,
    activeServicesCount: active.filter(({ description }) => description.status !== 'INACTIVE').length,
    runningTasksCount: own.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: own.filter(({ lastStatus }) => ['PROVISIONING', 'PENDING'].includes(lastStatus ?? '')).length,
  };
}
