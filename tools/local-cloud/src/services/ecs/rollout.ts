import type { Task } from '@aws-sdk/client-ecs';

export interface RolloutState {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Tasks of the newest deployment that have not been told to stop. */
  readonly current: readonly Task[];
  /** Those of older deployments. */
  readonly old: readonly Task[];
  /** Running, and healthy by every check there is. */
  isReady(task: Task): boolean;
}

export interface RolloutStep {
  /** How many tasks of the newest deployment to start. */
  readonly start: number;
  readonly stop: readonly Task[];
}

/**
 * The next step of a rolling update ("Deploy Amazon ECS services by replacing tasks", Amazon ECS Developer Guide): never more
 * tasks than the maximum percent, never fewer ready ones than the minimum healthy percent by own doing. Pure.
 */
export function nextStep(state: RolloutState): RolloutStep {
  const { desiredCount, current, old, isReady } = state;
  const lower = Math.ceil((desiredCount * state.minimumHealthyPercent) / 100);
  const upper = Math.floor((desiredCount * state.maximumPercent) / 100);
  const start = Math.max(0, Math.min(desiredCount - current.length, upper - current.length - old.length));
  let ready = [...current, ...old].filter(isReady).length;
  const stop: Task[] = [];
  // Tasks that serve nobody go first.
  const unreadyFirst = (tasks: readonly Task[]) => tasks.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  const surplus = unreadyFirst(current).slice(0, Math.max(0, current.length - desiredCount));
  for (const task of [...unreadyFirst(old), ...surplus]) {
    if (isReady(task)) {
      if (ready <= lower) continue;
      ready -= 1;
    }
    stop.push(task);
  }
  return { start, stop };
}

/** "How the Amazon ECS deployment circuit breaker detects failures": half of the desired count, between 3 and 200. */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/** Milliseconds until another try after tasks that failed one after another: twice as long each time, to 15 minutes. */
export function retryDelay(failures: number): number {
  return failures === 0 ? 0 : Math.min(15 * 60_000, 500 * 2 ** (failures - 1));
}
