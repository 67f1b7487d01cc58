import type { Deployment, Tag, Task } from '@aws-sdk/client-ecs';
import type { Cloud } from '../../service.ts';
import { addDeployment, report, tasksOf } from './deployments.ts';
import { deregisterTargets, registerTargets, targetStates } from './load-balancing.ts';
import { failureThreshold, nextStep, retryDelay } from './rollout.ts';
import { runTask, stopTask } from './start-task.ts';
import { ecsState, lastPart, type Place, type StoredService } from './state.ts';
import { definitionOf } from './task-definitions.ts';

/**
 * The service scheduler: keeps as many tasks as are desired, replaces the unhealthy, and rolls deployments out. It looks at a
 * service whenever one of its tasks changes, and regularly while it has load balancers to ask.
 */
interface Scheduler {
  /** Has it look soon. */
  wake(): void;
  close(): void;
}

const schedulers = new WeakMap<Cloud, Map<string, Scheduler>>();

function schedulersOf(cloud: Cloud): Map<string, Scheduler> {
  const all = schedulers.get(cloud) ?? new Map<string, Scheduler>();
  schedulers.set(cloud, all);
  return all;
}

/** Starts a service's scheduler, or has it look at what changed. */
export function schedule(stored: StoredService, place: Place): void {
  const all = schedulersOf(place.cloud);
  const arn = stored.description.serviceArn ?? '';
  const scheduler = all.get(arn) ?? createScheduler(stored, place);
  all.set(arn, scheduler);
  scheduler.wake();
}

export function closeSchedulers(cloud: Cloud): void {
  for (const scheduler of schedulersOf(cloud).values()) scheduler.close();
  schedulers.delete(cloud);
}

/** How long a task has to run before it counts: one whose program ends at once never was there. */
const settleMs = 1000;
/** How often target groups are asked. */
const pollMs = 500;

function createScheduler(stored: StoredService, place: Place): Scheduler {
  const { cloud } = place;
  const service = stored.description;
  /** Tasks that were ready at some time, and the states of targets as last asked. */
  const wereReady = new Set<string>();
  const registered = new Set<string>();
  const states = new Map<string, string[]>();
  const counted = new Set<string>();
  let failures = 0;
  let notBefore = 0;
  let cancelTick: (() => void) | undefined;
  let looking = false;
  let again = false;
  let closed = false;

  const hasTargets = () => (service.loadBalancers ?? []).length > 0;
  const arnOf = (task: Task) => task.taskArn ?? '';
  const ofDeployment = (task: Task, { id }: Deployment) => task.startedBy === id;

  const isSettling = ({ lastStatus, startedAt }: Task) =>
    lastStatus === 'RUNNING' && cloud.clock.now() < (startedAt?.getTime() ?? 0) + settleMs;

  function isReady(task: Task): boolean {
    if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED' || isSettling(task)) return false;
    const definition = definitionOf(place, task.taskDefinitionArn).definition;
    const checked = definition.containerDefinitions?.some(
      ({ essential, healthCheck }) => essential !== false && healthCheck,
    );
    if (checked && task.healthStatus !== 'HEALTHY') return false;
    return !hasTargets() || (states.get(arnOf(task)) ?? ['initial']).every((state) => state === 'healthy');
  }

  async function look(): Promise<void> {
    if (looking || closed) {
      again = true;
      return;
    }
    looking = true;
    try {
      await register();
      replaceUnhealthy();
      countFailures();
      step();
      finish();
    } catch (error) {
      cloud.log(`ecs: service ${service.serviceName}: ${(error as Error).stack}`);
    }
    looking = false;
    if (again) {
      again = false;
      void look();
    } else tick();
  }

  function tick(): void {
    cancelTick?.();
    cancelTick = undefined;
    if (closed || service.status === 'INACTIVE') return;
    const waiting = notBefore - cloud.clock.now();
    if (waiting > 0) cancelTick = cloud.clock.after(waiting, wake);
    else if (hasTargets() ? tasksOf(stored, place).length > 0 : tasksOf(stored, place).some(isSettling))
      cancelTick = cloud.clock.after(pollMs, wake);
  }

  function wake(): void {
    void look();
  }

  async function register(): Promise<void> {
    if (!hasTargets()) return;
    const tasks = tasksOf(stored, place).filter(
      (task) => task.lastStatus === 'RUNNING' && task.desiredStatus !== 'STOPPED',
    );
    for (const task of tasks) {
      if (!registered.has(arnOf(task))) {
        registered.add(arnOf(task));
        await registerTargets(service, task, place);
        for (const { targetGroupArn } of service.loadBalancers ?? []) {
          report(stored, place, `registered 1 targets in (target-group ${targetGroupArn})`);
        }
      }
      states.set(arnOf(task), await targetStates(service, task, place));
    }
  }

  function replaceUnhealthy(): void {
    const grace = (service.healthCheckGracePeriodSeconds ?? 0) * 1000;
    for (const task of tasksOf(stored, place)) {
      if (isReady(task)) wereReady.add(arnOf(task));
      if (task.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') continue;
      if (cloud.clock.now() < (task.startedAt?.getTime() ?? 0) + grace) continue;
      const failed = states.get(arnOf(task))?.indexOf('unhealthy') ?? -1;
      const group = service.loadBalancers?.[failed]?.targetGroupArn;
      const why =
        task.healthStatus === 'UNHEALTHY'
          ? 'failed container health checks'
          : failed >= 0 && `failed ELB health checks in (target-group ${group})`;
      if (!why) continue;
      report(stored, place, `(task ${lastPart(arnOf(task))}) ${why}.`);
      end(task, `Task ${why}`);
    }
  }

  function end(task: Task, stoppedReason: string): void {
    void stopTask(cloud, task, { stopCode: 'ServiceSchedulerInitiated', stoppedReason });
  }

  /** Tasks of the newest deployment that ended before they were ever ready. */
  function countFailures(): void {
    const [primary] = service.deployments ?? [];
    if (!primary) return;
    for (const task of ecsState(cloud, place).tasks.values()) {
      if (!ofDeployment(task, primary) || counted.has(arnOf(task))) continue;
      if (wereReady.has(arnOf(task))) {
        counted.add(arnOf(task));
        failures = 0;
        notBefore = 0;
      } else if (task.desiredStatus === 'STOPPED' && !task.stoppedReason?.startsWith('Scaling activity')) {
        counted.add(arnOf(task));
        failures += 1;
        primary.failedTasks = failures;
        notBefore = cloud.clock.now() + retryDelay(failures);
        report(stored, place, `was unable to keep a task running. Reason: ${task.stoppedReason}`);
      }
    }
    const { deploymentCircuitBreaker: breaker } = service.deploymentConfiguration ?? {};
    const broken = failures >= failureThreshold(service.desiredCount ?? 0);
    if (breaker?.enable && broken && primary.rolloutState === 'IN_PROGRESS') fail(primary, breaker.rollback ?? false);
  }

  function fail(primary: Deployment, rollback: boolean): void {
    Object.assign(primary, {
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      updatedAt: new Date(cloud.clock.now()),
    });
    report(stored, place, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
    failures = 0;
    notBefore = 0;
    const { completed } = stored;
    if (!rollback || !completed || completed.id === primary.id) return;
    const { taskDefinition, networkConfiguration, launchType, capacityProviderStrategy } = completed;
    Object.assign(service, { taskDefinition, networkConfiguration, launchType, capacityProviderStrategy });
    addDeployment(stored, place, `ECS deployment circuit breaker: rolling back to deploymentId ${completed.id}.`);
    report(stored, place, `rolling back to deployment ${completed.id}.`);
  }

  function step(): void {
    const [primary] = service.deployments ?? [];
    if (!primary) return;
    const alive = tasksOf(stored, place).filter((task) => task.desiredStatus !== 'STOPPED');
    // A failed deployment leaves things as they are.
    if (primary.rolloutState === 'FAILED' && service.status === 'ACTIVE') return;
    const configuration = service.deploymentConfiguration ?? {};
    const { start, stop } = nextStep({
      desiredCount: service.desiredCount ?? 0,
      minimumHealthyPercent: configuration.minimumHealthyPercent ?? 100,
      maximumPercent: configuration.maximumPercent ?? 200,
      current: alive.filter((task) => ofDeployment(task, primary)),
      old: alive.filter((task) => !ofDeployment(task, primary)),
      isReady,
    });
    for (const task of stop) {
      end(task, `Scaling activity initiated by (deployment ${primary.id})`);
      report(stored, place, `has stopped 1 running tasks: (task ${lastPart(arnOf(task))}).`);
    }
    if (cloud.clock.now() < notBefore) return;
    for (let n = 0; n < start; n += 1) begin(primary);
  }

  function begin(primary: Deployment): void {
    const found = definitionOf(place, primary.taskDefinition);
    const { propagateTags } = service;
    const propagated =
      propagateTags === 'TASK_DEFINITION' ? found.tags : propagateTags === 'SERVICE' ? (service.tags ?? []) : [];
    const strategy = primary.capacityProviderStrategy;
    const task = runTask(
      {
        clusterName: lastPart(service.clusterArn ?? ''),
        definition: found.definition,
        capacity: strategy ? { capacityProviderStrategy: strategy } : { launchType: 'FARGATE' },
        networkConfiguration: primary.networkConfiguration,
        group: `service:${service.serviceName}`,
        startedBy: primary.id,
        tags: [...propagated, ...managedTags()],
        beside: tasksOf(stored, place).filter((other) => ofDeployment(other, primary)),
        changed: wake,
        deactivate: (leaving) => deactivate(leaving),
      },
      place,
    );
    report(stored, place, `has started 1 tasks: (task ${lastPart(arnOf(task))}).`);
  }

  function managedTags(): Tag[] {
    if (!service.enableECSManagedTags) return [];
    const values = {
      'aws:ecs:clusterName': lastPart(service.clusterArn ?? ''),
      'aws:ecs:serviceName': service.serviceName,
    };
    return Object.entries(values).map(([key, value]) => ({ key, value }));
  }

  async function deactivate(task: Task): Promise<void> {
    if (!registered.has(arnOf(task))) return;
    for (const { targetGroupArn } of service.loadBalancers ?? []) {
      report(stored, place, `deregistered 1 targets in (target-group ${targetGroupArn})`);
    }
    await deregisterTargets(service, task, place, () => closed);
  }

  function finish(): void {
    const tasks = tasksOf(stored, place);
    if (service.status === 'DRAINING' && tasks.length === 0) {
      service.status = 'INACTIVE';
      service.deployments = [];
      schedulersOf(cloud).delete(service.serviceArn ?? '');
      return;
    }
    const [primary, ...older] = service.deployments ?? [];
    if (!primary) return;
    service.deployments = [primary, ...older.filter((one) => tasks.some((task) => ofDeployment(task, one)))];
    const isSteady = tasks.length === service.desiredCount && tasks.every(isReady) && service.deployments.length === 1;
    if (!isSteady) return;
    report(stored, place, 'has reached a steady state.');
    if (primary.rolloutState !== 'IN_PROGRESS') return;
    Object.assign(primary, {
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${primary.id} completed.`,
      updatedAt: new Date(cloud.clock.now()),
    });
    stored.completed = { ...primary };
    report(stored, place, `(deployment ${primary.id}) deployment completed.`);
  }

  return {
    wake,
    close() {
      closed = true;
      cancelTick?.();
    },
  };
}
