import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerDependency } from '@aws-sdk/client-ecs';
import { lastPart } from '../services/ecs/state.ts';
import { type RunningContainer, startContainer } from './container.ts';
import { dependenciesOf, dependentsOf } from './container-order.ts';
import { attachInterface, type NetworkInterface } from './network-interface.ts';
import { type PreparedTask, prepareTask } from './prepare-task.ts';
import { type RunningTask, StartError, type StopCause, type TaskSpec } from './types.ts';

/**
 * Runs a task from PROVISIONING to STOPPED ("Amazon ECS task lifecycle"): an interface in its subnet, images, containers in
 * the order of their dependencies; on the way back the other way round. The end of an essential container is the end of it.
 */
export function startTask(spec: TaskSpec): RunningTask {
  const cause = Promise.withResolvers<StopCause>();
  const life = run(spec, cause);
  return {
    stopped: life,
    stop(why) {
      cause.resolve(why);
      return life;
    },
  };
}

async function run(spec: TaskSpec, cause: PromiseWithResolvers<StopCause>): Promise<void> {
  const { cloud } = spec.place;
  const folder = join(cloud.scratch, 'tasks', lastPart(spec.task.taskArn ?? '').slice(0, 12));
  const stopped = new AbortController();
  void cause.promise.then(() => stopped.abort());
  let network: NetworkInterface | undefined;
  let prepared: PreparedTask | undefined;
  let containers: Containers | undefined;
  try {
    network = await attach(spec);
    prepared = await prepareTask(spec, network, folder);
    containers = launch(prepared, cause);
    // What stops it meanwhile ends the wait.
    await Promise.race([containers.running, cause.promise]);
    if (!stopped.signal.aborted) {
      Object.assign(spec.task, { lastStatus: 'RUNNING', startedAt: now(spec) });
      spec.changed();
    }
  } catch (error) {
    if (!(error instanceof StartError)) cloud.log(`ecs: ${spec.task.taskArn}: ${(error as Error).stack}`);
    cause.resolve({ stopCode: 'TaskFailedToStart', stoppedReason: (error as Error).message });
  }
  const why = await cause.promise;
  Object.assign(spec.task, { desiredStatus: 'STOPPED', stoppingAt: now(spec), ...why });
  await leave(spec);
  // A cloud that closes waits for nothing but what its processes do at once.
  const isClosing = why.stopCode === 'TerminationNotice';
  setStatus(spec, 'STOPPING');
  await containers?.stop(isClosing ? closingSeconds : Number.POSITIVE_INFINITY);
  spec.task.executionStoppedAt = now(spec);
  setStatus(spec, 'DEPROVISIONING');
  await prepared?.metadata.close();
  await network?.detach();
  await rm(folder, { recursive: true, force: true });
  for (const container of spec.task.containers ?? []) container.lastStatus = 'STOPPED';
  for (const attachment of spec.task.attachments ?? []) attachment.status = 'DELETED';
  spec.task.stoppedAt = now(spec);
  setStatus(spec, 'STOPPED');
}

const closingSeconds = 2;

const now = ({ place }: TaskSpec) => new Date(place.cloud.clock.now());

function setStatus(spec: TaskSpec, lastStatus: string): void {
  spec.task.lastStatus = lastStatus;
  spec.changed();
}

async function leave(spec: TaskSpec): Promise<void> {
  if (!spec.task.startedAt) return;
  setStatus(spec, 'DEACTIVATING');
  await spec.deactivate();
}

async function attach(spec: TaskSpec): Promise<NetworkInterface> {
  const network = await attachInterface(spec);
  const { task } = spec;
  const details = {
    subnetId: network.subnetId,
    networkInterfaceId: network.id,
    macAddress: network.macAddress,
    privateIPv4Address: network.privateIpv4Address,
  };
  const [attachment] = task.attachments ?? [];
  Object.assign(attachment ?? {}, {
    status: 'ATTACHED',
    details: Object.entries(details).map(([name, value]) => ({ name, value })),
  });
  for (const container of task.containers ?? []) {
    container.networkInterfaces = [{ attachmentId: attachment?.id, privateIpv4Address: network.privateIpv4Address }];
  }
  Object.assign(task, { connectivity: 'CONNECTED', connectivityAt: now(spec) });
  setStatus(spec, 'PENDING');
  return network;
}

interface Containers {
  /** Resolves when all have started, rejects when one cannot. */
  readonly running: Promise<unknown>;
  stop(atMost: number): Promise<unknown>;
}

function launch({ containers }: PreparedTask, cause: PromiseWithResolvers<StopCause>): Containers {
  const dependencies = dependenciesOf([...containers.values()].map(({ definition }) => definition));
  const starts = new Map<string, Promise<RunningContainer>>();
  /** Those whose dependencies are met. */
  const launched = new Map<string, Promise<RunningContainer>>();
  const stops = new Map<string, Promise<void>>();
  let stopping = false;

  function start(name: string): Promise<RunningContainer> {
    const started = starts.get(name) ?? startWhenReady(name);
    starts.set(name, started);
    return started;
  }

  async function startWhenReady(name: string): Promise<RunningContainer> {
    await Promise.all((dependencies.get(name) ?? []).map((dependency) => fulfilled(dependency, start, containers)));
    const spec = containers.get(name);
    if (!spec || stopping) throw new StartError(`The task stopped before its container ${name} had started`);
    const launching = startContainer(spec);
    launched.set(name, launching);
    const container = await launching;
    void container.exited.then(() => {
      if (spec.definition.essential === false) return;
      const stoppedReason = 'Essential container in task exited';
      cause.resolve({ stopCode: 'EssentialContainerExited', stoppedReason });
    });
    return container;
  }

  function stop(name: string, atMost: number): Promise<void> {
    const ended = stops.get(name) ?? stopAfterDependents(name, atMost);
    stops.set(name, ended);
    return ended;
  }

  async function stopAfterDependents(name: string, atMost: number): Promise<void> {
    await Promise.all(dependentsOf(name, dependencies).map((dependent) => stop(dependent, atMost)));
    const container = await launched.get(name)?.catch(() => undefined);
    await container?.stop(atMost);
  }

  const running = Promise.all([...containers.keys()].map(start));
  running.catch(() => undefined);
  return {
    running,
    stop(atMost) {
      stopping = true;
      return Promise.all([...containers.keys()].map((name) => stop(name, atMost)));
    },
  };
}

/** Waits for a dependency's condition, as long as its `startTimeout`. Throws StartError when it is not met. */
async function fulfilled(
  { containerName = '', condition }: ContainerDependency,
  start: (name: string) => Promise<RunningContainer>,
  containers: PreparedTask['containers'],
): Promise<void> {
  const spec = containers.get(containerName);
  const seconds = spec?.definition.startTimeout;
  const late = Promise.withResolvers<never>();
  const cancel =
    spec && seconds !== undefined
      ? spec.clock.after(seconds * 1000, () =>
          late.reject(new StartError(`Container ${containerName} did not become ${condition} in ${seconds} seconds`)),
        )
      : () => undefined;
  late.promise.catch(() => undefined);
  try {
    await Promise.race([met(condition, containerName, start), late.promise]);
  } finally {
    cancel();
  }
}

async function met(
  condition: string | undefined,
  name: string,
  start: (name: string) => Promise<RunningContainer>,
): Promise<void> {
  const container = await start(name);
  if (condition === 'HEALTHY') return container.healthy;
  if (condition === 'START') return;
  const code = await container.exited;
  if (condition === 'SUCCESS' && code !== 0) {
    throw new StartError(`Container ${name}, which others wait for, exited with ${code}`);
  }
}
