import { randomBytes, randomUUID } from 'node:crypto';
import type { NetworkConfiguration, Task, TaskDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import { newRuntimeId } from '../../containers/prepare-task.ts';
import { startTask } from '../../containers/task.ts';
import type { RunningTask, StopCause } from '../../containers/types.ts';
import type { Cloud } from '../../service.ts';
import type { Capacity } from './capacity-strategy.ts';
import { nextProvider } from './capacity-strategy.ts';
import { invalidParameter } from './errors.ts';
import { ecsArn, ecsState, type Place } from './state.ts';
import { taskHealth } from './task-output.ts';

export interface TaskRequest {
  readonly clusterName: string;
  readonly definition: TaskDefinition;
  readonly capacity: Capacity;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly platformVersion?: string | undefined;
  readonly overrides?: TaskOverride | undefined;
  /** `family:<family>` or `service:<service>`. */
  readonly group: string;
  readonly startedBy?: string | undefined;
  readonly tags?: Task['tags'];
  /** Tasks that the provider of this one is chosen beside. */
  readonly beside: readonly Task[];
  /** Called after each change of its description. */
  changed?(task: Task): void;
  deactivate?(task: Task): Promise<void>;
}

/** Tasks with processes, by ARN. */
const running = new WeakMap<Cloud, Map<string, RunningTask>>();

function runningTasks(cloud: Cloud): Map<string, RunningTask> {
  const tasks = running.get(cloud) ?? new Map<string, RunningTask>();
  running.set(cloud, tasks);
  return tasks;
}

/** "Stopped tasks only appear in the returned results for at least one hour." */
const keepStoppedMs = 3_600_000;

/** Starts one task and answers it as it is PROVISIONING. Throws InvalidParameterException without a network. */
export function runTask(request: TaskRequest, place: Place): Task {
  const { cloud } = place;
  const network = checkedNetwork(request.networkConfiguration);
  const task = newTask(request, place);
  const { tasks } = ecsState(cloud, place);
  tasks.set(task.taskArn ?? '', task);
  const essential = (request.definition.containerDefinitions ?? []).filter(
    (container) => container.essential !== false,
  );
  const names = essential.map(({ name }) => name);
  const life = startTask({
    place,
    task,
    definition: request.definition,
    endpoint: cloud.endpoint,
    subnets: network.subnets ?? [],
    securityGroups: network.securityGroups ?? [],
    assignPublicIp: network.assignPublicIp === 'ENABLED',
    changed() {
      task.version = (task.version ?? 1) + 1;
      task.healthStatus = taskHealth(task, names);
      request.changed?.(task);
    },
    deactivate: async () => request.deactivate?.(task),
  });
  runningTasks(cloud).set(task.taskArn ?? '', life);
  void life.stopped.then(() => {
    runningTasks(cloud).delete(task.taskArn ?? '');
    cloud.clock.after(keepStoppedMs, () => tasks.delete(task.taskArn ?? ''));
  });
  return task;
}

/** Asks a task to stop; resolves when it has, at once when it already had. */
export async function stopTask(cloud: Cloud, task: Task, cause: StopCause): Promise<void> {
  task.desiredStatus = 'STOPPED';
  await runningTasks(cloud)
    .get(task.taskArn ?? '')
    ?.stop(cause);
}

/** Ends every task's processes. */
export async function stopAllTasks(cloud: Cloud): Promise<void> {
  const cause = { stopCode: 'TerminationNotice', stoppedReason: 'The cloud is closing' } as const;
  await Promise.all([...runningTasks(cloud).values()].map((task) => task.stop(cause)));
}

/** In the network mode awsvpc, which Fargate's is. */
export function checkedNetwork(configuration: NetworkConfiguration | undefined) {
  const { awsvpcConfiguration } = configuration ?? {};
  if (!awsvpcConfiguration) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const { subnets = [], securityGroups = [] } = awsvpcConfiguration;
  if (subnets.length === 0 || subnets.length > 16)
    throw invalidParameter('subnets should have between 1 and 16 members.');
  if (securityGroups.length > 5) throw invalidParameter('securityGroups can have at most 5 members.');
  return awsvpcConfiguration;
}

function newTask(request: TaskRequest, place: Place): Task {
  const { definition, capacity, clusterName } = request;
  const id = randomBytes(16).toString('hex');
  const taskArn = ecsArn(place, `task/${clusterName}/${id}`);
  const attachmentId = randomUUID();
  const live = request.beside.filter(({ desiredStatus }) => desiredStatus !== 'STOPPED');
  const provider =
    capacity.capacityProviderStrategy &&
    nextProvider(
      capacity.capacityProviderStrategy,
      live.map(({ capacityProviderName }) => capacityProviderName),
    );
  return {
    taskArn,
    clusterArn: ecsArn(place, `cluster/${clusterName}`),
    taskDefinitionArn: definition.taskDefinitionArn,
    group: request.group,
    ...(request.startedBy && { startedBy: request.startedBy }),
    launchType: 'FARGATE',
    ...(provider && { capacityProviderName: provider }),
    platformVersion: resolvedPlatform(request.platformVersion),
    platformFamily: 'Linux',
    cpu: request.overrides?.cpu ?? definition.cpu,
    memory: request.overrides?.memory ?? definition.memory,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...request.overrides },
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    healthStatus: 'UNKNOWN',
    createdAt: new Date(place.cloud.clock.now()),
    version: 1,
    availabilityZone: `${place.region}a`,
    enableExecuteCommand: false,
    ephemeralStorage: definition.ephemeralStorage ?? { sizeInGiB: 20 },
    attributes: [
      { name: 'ecs.cpu-architecture', value: (definition.runtimePlatform?.cpuArchitecture ?? 'x86_64').toLowerCase() },
    ],
    attachments: [{ id: attachmentId, type: 'ElasticNetworkInterface', status: 'PRECREATED', details: [] }],
    tags: [...(request.tags ?? [])],
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      containerArn: ecsArn(place, `container/${clusterName}/${id}/${randomUUID()}`),
      taskArn,
      name: container.name,
      image: container.image,
      runtimeId: newRuntimeId(id),
      lastStatus: 'PENDING',
      networkInterfaces: [],
      healthStatus: 'UNKNOWN',
      cpu: String(container.cpu ?? 0),
      ...(container.memory !== undefined && { memory: String(container.memory) }),
    })),
  };
}

/** "Fargate Linux platform versions": LATEST is 1.4.0, the only one that takes new tasks. */
function resolvedPlatform(version = 'LATEST'): string {
  if (version === 'LATEST' || version === '1.4.0') return '1.4.0';
  throw invalidParameter(`The platform version ${version} does not exist; use 1.4.0 or LATEST.`);
}
