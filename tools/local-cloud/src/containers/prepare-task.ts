import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { AwsError } from '../errors.ts';
import type { Caller, Credentials } from '../service.ts';
import { lastPart } from '../services/ecs/state.ts';
import { startAwslogs } from './awslogs.ts';
import { containerCommand } from './command.ts';
import type { ContainerSpec } from './container.ts';
import { startFirelens } from './firelens.ts';
import { writeRouterConfiguration } from './firelens-configuration.ts';
import { pullImage } from './image.ts';
import { type MetadataEndpoint, startMetadataEndpoint } from './metadata-endpoint.ts';
import type { NetworkInterface } from './network-interface.ts';
import { makePrograms } from './programs.ts';
import { type LogDriver, StartError, type TaskSpec } from './types.ts';
import { containerVariables, readSecrets } from './variables.ts';

export interface PreparedTask {
  /** By name. */
  readonly containers: ReadonlyMap<string, ContainerSpec>;
  readonly metadata: MetadataEndpoint;
}

/** Gets everything ready that a task's containers need. Throws StartError in the words of a task's stopped reason. */
export async function prepareTask(spec: TaskSpec, network: NetworkInterface, folder: string): Promise<PreparedTask> {
  const { definition, place, task } = spec;
  const executionRole = await takeRole(spec, definition.executionRoleArn);
  const taskRole = await takeRole(spec, definition.taskRoleArn);
  await mkdir(folder, { recursive: true });
  const metadata = await startMetadataEndpoint({
    task,
    definition,
    credentials: taskRole && refreshing(spec, taskRole.credentials),
  });
  try {
    task.pullStartedAt = new Date(place.cloud.clock.now());
    const containers = new Map<string, ContainerSpec>();
    const all = definition.containerDefinitions ?? [];
    for (const [index, container] of all.entries()) {
      const roles = { executionRole: executionRole?.caller, hasTaskRole: taskRole !== undefined };
      const at = { folder: join(folder, String(index)), routerRoot: rootOf(folder, all) };
      containers.set(
        container.name ?? '',
        await prepareContainer(container, spec, network, metadata, { ...roles, ...at }),
      );
    }
    task.pullStoppedAt = new Date(place.cloud.clock.now());
    return { containers, metadata };
  } catch (error) {
    await metadata.close();
    throw error;
  }
}

/** The router's root folder, whose socket the other containers' lines go to. */
function rootOf(folder: string, all: readonly ContainerDefinition[]): string {
  return join(folder, String(all.findIndex(({ firelensConfiguration }) => firelensConfiguration)), 'root');
}

interface Surroundings {
  readonly executionRole: Caller | undefined;
  readonly hasTaskRole: boolean;
  readonly folder: string;
  readonly routerRoot: string;
}

async function prepareContainer(
  definition: ContainerDefinition,
  spec: TaskSpec,
  network: NetworkInterface,
  metadata: MetadataEndpoint,
  { executionRole, hasTaskRole, folder, routerRoot }: Surroundings,
): Promise<ContainerSpec> {
  const { place, task, endpoint } = spec;
  const root = join(folder, 'root');
  const programs = join(folder, 'bin');
  const { config, digest } = await pullImage(definition.image ?? '', root, place, executionRole);
  const exempt = [Number(new URL(endpoint).port), metadata.port];
  await makePrograms(programs, { address: network.loopback, exempt, root });
  if (definition.firelensConfiguration) await writeRouterConfiguration(definition, spec, root);
  const described = task.containers?.find(({ name }) => name === definition.name);
  if (!described) throw new Error(`The task has no container ${definition.name}`);
  if (digest) described.imageDigest = digest;
  const override = task.overrides?.containerOverrides?.find(({ name }) => name === definition.name);
  const folders = { root, programs, address: network.loopback };
  return {
    definition,
    described,
    folders,
    workingDir: definition.workingDirectory ?? config.WorkingDir ?? '/',
    command: containerCommand(config, definition, override, folders),
    variables: containerVariables({
      config,
      definition,
      override,
      secrets: await readSecrets(definition, place, executionRole),
      metadata,
      hasTaskRole,
      programs,
      endpoint,
      region: place.region,
      hostname: `ip-${network.privateIpv4Address.replaceAll('.', '-')}.ec2.internal`,
    }),
    log: await logDriver(definition, spec, executionRole, routerRoot),
    clock: place.cloud.clock,
    changed: spec.changed,
  };
}

async function logDriver(
  { name = '', logConfiguration }: ContainerDefinition,
  { place, task }: TaskSpec,
  executionRole: Caller | undefined,
  routerRoot: string,
): Promise<LogDriver> {
  const { logDriver: driver, options = {} } = logConfiguration ?? {};
  const taskId = lastPart(task.taskArn ?? '');
  const described = task.containers?.find((container) => container.name === name);
  if (driver === 'awsfirelens') {
    return startFirelens(
      { containerName: name, containerId: described?.runtimeId ?? '', taskId, routerRoot, options },
      place,
    );
  }
  if (driver === 'awslogs' && executionRole) {
    return startAwslogs({ options, containerName: name, taskId }, place, executionRole);
  }
  return { write: () => undefined, close: async () => undefined };
}

async function takeRole({ place, task }: TaskSpec, roleArn: string | undefined) {
  if (!roleArn) return undefined;
  const { account, region } = place;
  const context = { 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:ecs:${region}:${account}:*` };
  try {
    return await place.cloud.assumeRole(roleArn, lastPart(task.taskArn ?? ''), 'ecs-tasks.amazonaws.com', context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new StartError(
      `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
    );
  }
}

/** Credentials are handed out until a quarter of an hour before they end. */
const renewBeforeMs = 15 * 60_000;

function refreshing(spec: TaskSpec, first: Credentials): () => Promise<Credentials> {
  let current = first;
  return async () => {
    const ends = current.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (ends - spec.place.cloud.clock.now() < renewBeforeMs) {
      current = (await takeRole(spec, spec.definition.taskRoleArn))?.credentials ?? current;
    }
    return current;
  };
}

/** A container's id as the runtime on Fargate gives it: the task's id and a number. */
export function newRuntimeId(taskId: string): string {
  return `${taskId}-${randomBytes(4).readUInt32BE(0)}`;
}
