import type { Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Place } from '../services/ecs/state.ts';

/** One task to run: the API's own description of it, which the runner keeps up to date. */
export interface TaskSpec {
  readonly place: Place;
  readonly task: Task;
  readonly definition: TaskDefinition;
  /** `AWS_ENDPOINT_URL` of its containers. */
  readonly endpoint: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** Called after every change of the task's description. */
  changed(): void;
  /** Work between DEACTIVATING and STOPPING: taking the task out of its load balancers. */
  deactivate(): Promise<void>;
}

/** Why a task stops, as DescribeTasks tells it. */
export interface StopCause {
  readonly stopCode:
    | 'TaskFailedToStart'
    | 'EssentialContainerExited'
    | 'UserInitiated'
    | 'ServiceSchedulerInitiated'
    | 'SpotInterruption'
    | 'TerminationNotice';
  readonly stoppedReason: string;
}

export interface RunningTask {
  /** Ends the task's containers; resolves when it is STOPPED. The first cause stays. */
  stop(cause: StopCause): Promise<void>;
  /** Resolves when it is STOPPED. */
  readonly stopped: Promise<void>;
}

/** What comes out of a container's stdout and stderr. */
export interface LogDriver {
  write(source: 'stdout' | 'stderr', chunk: Buffer): void;
  /** Delivers what was written. */
  close(): Promise<void>;
}

/** A task or container that cannot start: the message is what DescribeTasks shows. */
export class StartError extends Error {}
