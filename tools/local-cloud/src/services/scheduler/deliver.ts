import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { giveUp } from './give-up.ts';
import { groupArn, type StoredSchedule } from './state.ts';
import { targetCall } from './target.ts';

/** "RetryPolicy" (API Reference): the defaults when the target has none. */
const defaultAttempts = 185;
const defaultAgeSeconds = 86_400;
const firstDelayMs = 1_000;
const longestDelayMs = 15 * 60_000;

/**
 * Makes a schedule's call as its role, again with growing pauses while the target throttles or fails, until the retry
 * policy is spent. Never rejects: what was not delivered is in the dead-letter queue, or in the cloud's log without one.
 */
export async function deliver(
  schedule: StoredSchedule,
  scheduledTime: Date,
  cloud: Cloud,
  signal: AbortSignal,
): Promise<void> {
  const executionId = randomUUID();
  const { MaximumRetryAttempts = defaultAttempts, MaximumEventAgeInSeconds = defaultAgeSeconds } =
    schedule.target.RetryPolicy ?? {};
  const deadline = scheduledTime.getTime() + MaximumEventAgeInSeconds * 1000;
  let delay = firstDelayMs;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return await invoke(schedule, { executionId, attempt, scheduledTime }, cloud);
    } catch (error) {
      const spent = attempt > MaximumRetryAttempts || cloud.clock.now() + delay > deadline;
      if (spent || !isRetryable(error)) {
        const condition = attempt > MaximumRetryAttempts ? 'MaximumRetryAttempts' : 'MaximumEventAgeInSeconds';
        const failed = { schedule, invocation: { executionId, attempt, scheduledTime }, error: error as Error };
        return giveUp({ ...failed, condition: isRetryable(error) ? condition : undefined }, cloud);
      }
      // The cloud closes: there is nothing left to deliver to.
      await cloud.clock.sleep(delay, signal).catch(() => undefined);
      delay = Math.min(delay * 2, longestDelayMs);
    }
  }
}

async function invoke(
  schedule: StoredSchedule,
  invocation: Parameters<typeof targetCall>[1],
  cloud: Cloud,
): Promise<void> {
  const { service, operation, input } = await targetCall(schedule, invocation);
  const { caller } = await assumeTargetRole(schedule.target.RoleArn ?? '', schedule, cloud);
  await cloud.call(service, operation, input, { caller, region: schedule.region });
}

/** Takes the target's role as `scheduler.amazonaws.com`. Throws AccessDenied when the role does not trust it. */
export function assumeTargetRole(
  roleArn: string,
  schedule: Pick<StoredSchedule, 'account' | 'region' | 'group'>,
  cloud: Cloud,
) {
  const context = { 'aws:SourceArn': groupArn(schedule, schedule.group), 'aws:SourceAccount': schedule.account };
  return cloud.assumeRole(roleArn, 'scheduler', 'scheduler.amazonaws.com', context);
}

/** Throttling and failures of the service pass; a call that is denied or invalid stays so. */
function isRetryable(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  return (error.status ?? 400) >= 500
    ? error.status !== 501
    : /Throttl|TooManyRequests|LimitExceeded|RequestLimit/.test(error.code);
}
