import type {
  CreateServiceCommandInput,
  CreateServiceCommandOutput,
  DeleteServiceCommandInput,
  DeleteServiceCommandOutput,
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  ListServicesCommandInput,
  ListServicesCommandOutput,
  Service,
  UpdateServiceCommandInput,
  UpdateServiceCommandOutput,
} from '@aws-sdk/client-ecs';
import { type Call, type Demand, operation } from '../../service.ts';
import { capacityOf } from './capacity-strategy.ts';
import { clusterArn, clusterOf } from './clusters.ts';
import { addDeployment, tasksOf } from './deployments.ts';
import { invalidParameter, serviceNotActive, serviceNotFound, unsupported } from './errors.ts';
import { checkLoadBalancers } from './load-balancing.ts';
import { page } from './page.ts';
import { schedule } from './scheduler.ts';
import { describeService } from './service-output.ts';
import { checkedNetwork } from './start-task.ts';
import { ecsArn, ecsState, lastPart, type Place, type StoredService } from './state.ts';
import { activeDefinitionOf } from './task-definitions.ts';

interface Named {
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly serviceName?: string | undefined;
}

function serviceArn(place: Pick<Place, 'account' | 'region'>, { cluster, service, serviceName }: Named): string {
  return ecsArn(place, `service/${lastPart(cluster ?? 'default')}/${lastPart(service ?? serviceName ?? '')}`);
}

function onService(action: string) {
  return (input: Named, call: Call): Demand[] => [
    {
      action: `ecs:${action}`,
      resource: serviceArn(call, input),
      context: { 'ecs:cluster': clusterArn(call, input.cluster) },
    },
  ];
}

const notCarriedOut = [
  'enableExecuteCommand',
  'placementConstraints',
  'placementStrategy',
  'serviceConnectConfiguration',
  'serviceRegistries',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const;

type ServiceInput = CreateServiceCommandInput | UpdateServiceCommandInput;

function checkSupported(input: ServiceInput): void {
  const extra = notCarriedOut.find((key) => {
    const value = input[key];
    return Array.isArray(value) ? value.length > 0 : value;
  });
  if (extra) throw unsupported(`'${extra}' of a service`);
  const { deploymentConfiguration: deployment, deploymentController: controller } = input;
  if (controller?.type && controller.type !== 'ECS') throw unsupported(`the deployment controller ${controller.type}`);
  if (deployment?.strategy && deployment.strategy !== 'ROLLING')
    throw unsupported(`the strategy ${deployment.strategy}`);
  if (deployment?.alarms?.enable) throw unsupported('deployment alarms');
  const { minimumHealthyPercent: least = 100, maximumPercent: most = 200 } = deployment ?? {};
  if (most <= 0 || (least >= 100 && most <= 100)) {
    throw invalidParameter(
      `deploymentConfiguration: with minimumHealthyPercent ${least} and maximumPercent ${most} no task could ever be replaced.`,
    );
  }
}

export const createService = operation<CreateServiceCommandInput, CreateServiceCommandOutput>({
  demands: onService('CreateService'),
  async run(input, call) {
    const { serviceName = '', schedulingStrategy = 'REPLICA' } = input;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName)) {
      throw invalidParameter('Service names are 1 to 255 letters, numbers, underscores, and hyphens.');
    }
    const cluster = clusterOf(call, input.cluster);
    const { services } = ecsState(call.cloud, call);
    const arn = serviceArn(call, { cluster: cluster.clusterName, serviceName });
    if (services.has(arn) && services.get(arn)?.description.status !== 'INACTIVE') {
      throw invalidParameter('Creation of service was not idempotent.');
    }
    if (schedulingStrategy !== 'REPLICA') throw unsupported(`the scheduling strategy ${schedulingStrategy}`);
    checkSupported(input);
    checkedNetwork(input.networkConfiguration);
    const { definition } = activeDefinitionOf(call, input.taskDefinition);
    await checkLoadBalancers(input, definition.containerDefinitions ?? [], call);
    const description: Service = {
      serviceArn: arn,
      serviceName,
      clusterArn: cluster.clusterArn,
      status: 'ACTIVE',
      desiredCount: input.desiredCount ?? 1,
      taskDefinition: definition.taskDefinitionArn,
      ...capacityOf(input, cluster),
      platformVersion: input.platformVersion ?? 'LATEST',
      platformFamily: 'Linux',
      loadBalancers: input.loadBalancers ?? [],
      serviceRegistries: [],
      networkConfiguration: input.networkConfiguration,
      ...(input.healthCheckGracePeriodSeconds !== undefined && {
        healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds,
      }),
      deploymentConfiguration: deploymentConfiguration(input),
      deploymentController: { type: 'ECS' },
      schedulingStrategy,
      enableECSManagedTags: input.enableECSManagedTags ?? false,
      propagateTags: input.propagateTags ?? 'NONE',
      enableExecuteCommand: false,
      availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? 'ENABLED',
      createdAt: new Date(call.cloud.clock.now()),
      createdBy: call.caller.arn,
      events: [],
      deployments: [],
      tags: input.tags ?? [],
    };
    const stored = { description };
    services.set(arn, stored);
    addDeployment(stored, call);
    schedule(stored, placeOf(call));
    return { service: describeService(stored, call) };
  },
});

/** What outlives the call. */
function placeOf({ cloud, account, region }: Call): Place {
  return { cloud, account, region };
}

function deploymentConfiguration({ deploymentConfiguration: given }: ServiceInput) {
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    ...given,
  };
}

/** An active service of the cluster. Throws ServiceNotFoundException, ServiceNotActiveException. */
function activeService(input: Named, call: Call): StoredService {
  clusterOf(call, input.cluster);
  const found = ecsState(call.cloud, call).services.get(serviceArn(call, input));
  if (!found) throw serviceNotFound();
  if (found.description.status !== 'ACTIVE') throw serviceNotActive();
  return found;
}

/** What makes a new deployment when it changes. */
const deployed = ['capacityProviderStrategy', 'loadBalancers', 'networkConfiguration', 'platformVersion'] as const;

export const updateService = operation<UpdateServiceCommandInput, UpdateServiceCommandOutput>({
  demands: onService('UpdateService'),
  async run(input, call) {
    const stored = activeService(input, call);
    const { description } = stored;
    checkSupported(input);
    const definition = activeDefinitionOf(call, input.taskDefinition ?? description.taskDefinition).definition;
    const { loadBalancers = description.loadBalancers } = input;
    await checkLoadBalancers({ loadBalancers }, definition.containerDefinitions ?? [], call);
    if (input.networkConfiguration) checkedNetwork(input.networkConfiguration);
    if (input.capacityProviderStrategy) capacityOf(input, clusterOf(call, input.cluster));
    const isNew =
      input.forceNewDeployment ||
      definition.taskDefinitionArn !== description.taskDefinition ||
      deployed.some(
        (key) => input[key] !== undefined && JSON.stringify(input[key]) !== JSON.stringify(description[key]),
      );
    const { desiredCount, healthCheckGracePeriodSeconds, propagateTags, availabilityZoneRebalancing } = input;
    const changes = { desiredCount, healthCheckGracePeriodSeconds, propagateTags, availabilityZoneRebalancing };
    const replaced = Object.fromEntries(deployed.map((key) => [key, input[key]]));
    for (const [key, value] of Object.entries({ ...changes, ...replaced })) {
      if (value !== undefined) Object.assign(description, { [key]: value });
    }
    if (input.capacityProviderStrategy?.length) delete description.launchType;
    description.taskDefinition = definition.taskDefinitionArn;
    if (input.deploymentConfiguration) description.deploymentConfiguration = deploymentConfiguration(input);
    if (isNew) addDeployment(stored, call);
    const [primary] = description.deployments ?? [];
    if (primary) primary.desiredCount = description.desiredCount;
    schedule(stored, placeOf(call));
    return { service: describeService(stored, call) };
  },
});

export const deleteService = operation<DeleteServiceCommandInput, DeleteServiceCommandOutput>({
  demands: onService('DeleteService'),
  run(input, call) {
    const stored = activeService(input, call);
    if (stored.description.desiredCount && !input.force) {
      throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
    }
    Object.assign(stored.description, { status: 'DRAINING', desiredCount: 0 });
    schedule(stored, placeOf(call));
    return { service: describeService(stored, call) };
  },
});

export const describeServices = operation<DescribeServicesCommandInput, DescribeServicesCommandOutput>({
  demands: ({ cluster, services = [] }, call) =>
    services.flatMap((service) => onService('DescribeServices')({ cluster, service }, call)),
  run({ cluster, services: names = [], include = [] }, call) {
    clusterOf(call, cluster);
    if (names.length === 0) throw invalidParameter('Services cannot be empty.');
    if (names.length > 10) throw invalidParameter('Services cannot have more than 10 elements.');
    const { services } = ecsState(call.cloud, call);
    const arns = names.map((service) => serviceArn(call, { cluster, service }));
    return {
      services: arns
        .flatMap((arn) => services.get(arn) ?? [])
        .map((stored) => describeService(stored, call, include.includes('TAGS'))),
      failures: arns.filter((arn) => !services.has(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  },
});

export const listServices = operation<ListServicesCommandInput, ListServicesCommandOutput>({
  demands: ({ cluster }, call) => [
    { action: 'ecs:ListServices', resource: '*', context: { 'ecs:cluster': clusterArn(call, cluster) } },
  ],
  run({ cluster: name, ...paging }, call) {
    const cluster = clusterOf(call, name);
    const found = [...ecsState(call.cloud, call).services.values()].filter(
      ({ description }) => description.clusterArn === cluster.clusterArn && description.status !== 'INACTIVE',
    );
    const { items, nextToken } = page(
      found.map(({ description }) => description.serviceArn ?? ''),
      paging,
    );
    return { serviceArns: items, nextToken };
  },
});

/** Takes up the services of a cloud that starts with kept state: their tasks' processes ended with the last one. */
export function resumeServices(place: Place): void {
  const { tasks, services } = ecsState(place.cloud, place);
  for (const task of tasks.values()) {
    if (task.lastStatus === 'STOPPED') continue;
    const stoppedReason = 'The cloud that ran the task has ended';
    Object.assign(task, {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stoppedReason,
      stopCode: 'TerminationNotice',
    });
  }
  for (const stored of services.values()) {
    if (stored.description.status !== 'INACTIVE' && tasksOf(stored, place).length === 0) schedule(stored, place);
  }
}
