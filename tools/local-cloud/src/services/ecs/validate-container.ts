import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError, unsupported } from './errors.ts';
import type { TaskSize } from './fargate-sizes.ts';

/** Members of a container definition that are carried out. */
const supported = new Set([
  'command',
  'cpu',
  'dependsOn',
  'dockerLabels',
  'entryPoint',
  'environment',
  'essential',
  'firelensConfiguration',
  'healthCheck',
  'image',
  'logConfiguration',
  'memory',
  'memoryReservation',
  'name',
  'portMappings',
  'secrets',
  'startTimeout',
  'stopTimeout',
  'user',
  'workingDirectory',
]);

/** A value that says what is the case anyway, which templates of the CDK write out. */
const isDefault = (value: unknown) =>
  value === undefined || value === false || (Array.isArray(value) && value.length === 0);

/**
 * One container as Fargate takes it, defaults filled in. Throws ClientException for what Fargate refuses and
 * NotImplementedException for what the embedded cloud does not do.
 */
export function checkedContainer(container: ContainerDefinition, all: readonly ContainerDefinition[]) {
  const { name, image } = container;
  if (!name) throw clientError('Container.name should not be null or empty.');
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw clientError(`Invalid container name: ${name}`);
  if (!image) throw clientError('Container.image should not be null or empty.');
  if (all.filter((other) => other.name === name).length > 1) {
    throw clientError(`Container names must be unique within a task definition: ${name}`);
  }
  const unknown = Object.entries(container).find(([key, value]) => !supported.has(key) && !isDefault(value));
  if (unknown && unknown[0] !== 'mountPoints') throw unsupported(`'${unknown[0]}' of the container ${name}`);
  if (unknown) throw unsupported(`volumes, which '${unknown[0]}' of the container ${name} wants`);
  checkPorts(container);
  checkHealthCheck(container);
  checkTimeouts(container);
  return { cpu: 0, environment: [], mountPoints: [], portMappings: [], volumesFrom: [], essential: true, ...container };
}

/** In the network mode awsvpc a task has ports of its own: host ports are container ports. */
function checkPorts({ portMappings = [] }: ContainerDefinition): void {
  for (const { containerPort, hostPort } of portMappings) {
    if (containerPort === undefined || containerPort < 1 || containerPort > 65_535) {
      throw clientError(`Invalid container port: ${containerPort}`);
    }
    if (hostPort && hostPort !== containerPort) {
      throw clientError('When networkMode=awsvpc, the host ports and container ports in port mappings must match.');
    }
  }
}

/** "HealthCheck", Amazon ECS API Reference; seconds. */
const healthCheckRanges = { interval: [5, 300], timeout: [2, 120], retries: [1, 10], startPeriod: [0, 300] } as const;

function checkHealthCheck({ healthCheck }: ContainerDefinition): void {
  if (!healthCheck) return;
  const [kind, ...rest] = healthCheck.command ?? [];
  if ((kind !== 'CMD' && kind !== 'CMD-SHELL') || rest.length === 0) {
    throw clientError('Health check command must begin with CMD or CMD-SHELL and name a command.');
  }
  for (const [key, [from, to]] of Object.entries(healthCheckRanges)) {
    const value = healthCheck[key as keyof typeof healthCheckRanges];
    if (value !== undefined && (value < from || value > to)) {
      throw clientError(`Health check ${key} must be between ${from} and ${to}: ${value}`);
    }
  }
}

/** "ContainerDefinition": on Fargate, 2 to 120 seconds. */
function checkTimeouts({ name, startTimeout, stopTimeout }: ContainerDefinition): void {
  for (const [key, value] of Object.entries({ startTimeout, stopTimeout })) {
    if (value !== undefined && (value < 2 || value > 120)) {
      throw clientError(`${key} of the container ${name} must be between 2 and 120 seconds on Fargate: ${value}`);
    }
  }
}

/** A task's limits hold for the sum of its containers. */
export function checkContainerSizes(containers: readonly ContainerDefinition[], { cpu, memory }: TaskSize): void {
  const units = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  if (units > Number(cpu)) throw clientError('The total CPU of the containers is more than the task has.');
  const tooLarge = containers.find((container) => (container.memory ?? 0) > Number(memory));
  if (tooLarge) {
    throw clientError(`Invalid setting for container '${tooLarge.name}'. The 'memory' is more than the task has.`);
  }
}
