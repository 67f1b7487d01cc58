import { randomInt, randomUUID } from 'node:crypto';
import type { Deployment, Task } from '@aws-sdk/client-ecs';
import { ecsState, type Place, type StoredService } from './state.ts';

/** A service's tasks that have not stopped. */
export function tasksOf({ description }: StoredService, place: Place): Task[] {
  return [...ecsState(place.cloud, place).tasks.values()].filter(
    (task) =>
      task.clusterArn === description.clusterArn &&
      task.group === `service:${description.serviceName}` &&
      task.lastStatus !== 'STOPPED',
  );
}

/** A deployment of the service as it is described now, in front of the others. */
export function addDeployment({ description }: StoredService, place: Place, rolloutStateReason?: string): Deployment {
  const now = new Date(place.cloud.clock.now());
  const id = `ecs-svc/${Array.from({ length: 19 }, () => randomInt(1, 10)).join('')}`;
  const deployment: Deployment = {
    id,
    status: 'PRIMARY',
    taskDefinition: description.taskDefinition,
    desiredCount: description.desiredCount,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    networkConfiguration: description.networkConfiguration,
    ...(description.launchType && { launchType: description.launchType }),
    ...(description.capacityProviderStrategy && { capacityProviderStrategy: description.capacityProviderStrategy }),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: rolloutStateReason ?? `ECS deployment ${id} in progress.`,
  };
  for (const older of description.deployments ?? []) older.status = 'ACTIVE';
  description.deployments = [deployment, ...(description.deployments ?? [])];
  return deployment;
}

const mostEvents = 100;

/** Says on the service's page what happened, the newest first. */
export function report({ description }: StoredService, { cloud }: Place, what: string): void {
  const message = `(service ${description.serviceName}) ${what}`;
  if (description.events?.[0]?.message === message) return;
  const event = { id: randomUUID(), createdAt: new Date(cloud.clock.now()), message };
  description.events = [event, ...(description.events ?? [])].slice(0, mostEvents);
}
