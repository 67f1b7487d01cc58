import type { Cloud } from '../../service.ts';
import { deliver } from './deliver.ts';
import { readExpression } from './expression.ts';
import { keyOf, type StoredSchedule, scheduleArn, schedulerOf } from './state.ts';

/** What waits in one cloud: timers by schedule ARN, and the signal that ends deliveries under way. */
interface Waiting {
  readonly timers: Map<string, () => void>;
  readonly closing: AbortController;
}

const waiting = new WeakMap<Cloud, Waiting>();

function waitingIn(cloud: Cloud): Waiting {
  let entry = waiting.get(cloud);
  if (!entry) {
    entry = { timers: new Map(), closing: new AbortController() };
    waiting.set(cloud, entry);
  }
  return entry;
}

/** Starts waiting for the schedule's first time at or after `from`; takes the place of an earlier wait. */
export function arm(schedule: StoredSchedule, cloud: Cloud, from: number = schedule.modified.getTime()): void {
  disarm(schedule, cloud);
  const { timers, closing } = waitingIn(cloud);
  const time = nextTime(schedule, from);
  if (schedule.state === 'DISABLED' || time === undefined || closing.signal.aborted) return;
  const arn = scheduleArn(schedule);
  const run = () => {
    timers.delete(arn);
    void fire(schedule, time, cloud);
  };
  timers.set(arn, cloud.clock.after(Math.max(0, time - cloud.clock.now()), run));
}

/** Arms every schedule that state from an earlier run holds; a one-time one whose time has passed has had its turn. */
export function armAll(cloud: Cloud): void {
  const now = cloud.clock.now();
  for (const place of cloud.scopes('scheduler')) {
    for (const schedule of schedulerOf(cloud, place).schedules.values()) {
      const time = nextTime(schedule, now);
      if (time !== undefined && time >= now) arm(schedule, cloud, now);
    }
  }
}

/** The schedule is not run any more. */
export function disarm(schedule: StoredSchedule, cloud: Cloud): void {
  const { timers } = waitingIn(cloud);
  const arn = scheduleArn(schedule);
  timers.get(arn)?.();
  timers.delete(arn);
}

/** Ends all waiting; no delivery begins afterwards. */
export function disarmAll(cloud: Cloud): void {
  const { timers, closing } = waitingIn(cloud);
  for (const cancel of timers.values()) cancel();
  timers.clear();
  closing.abort();
}

/** Milliseconds since the epoch; `undefined` when the schedule has run its last. */
function nextTime(schedule: StoredSchedule, from: number): number | undefined {
  const timing = readExpression(schedule.expression, schedule.timeZone);
  // "Schedule types": one-time schedules know no StartDate and EndDate.
  if (timing.kind === 'at') return timing.time;
  const start = (schedule.StartDate ?? schedule.modified).getTime();
  const time =
    timing.kind === 'cron'
      ? timing.next(Math.max(start, from) - 1)
      : start + Math.max(0, Math.ceil((from - start) / timing.every)) * timing.every;
  const end = schedule.EndDate?.getTime() ?? Number.POSITIVE_INFINITY;
  return time !== undefined && time <= end ? time : undefined;
}

async function fire(schedule: StoredSchedule, time: number, cloud: Cloud): Promise<void> {
  const isRecurring = !schedule.expression.startsWith('at');
  if (isRecurring) arm(schedule, cloud, time + 1);
  await deliver(schedule, new Date(time), cloud, waitingIn(cloud).closing.signal);
  const isLast = !isRecurring || nextTime(schedule, time + 1) === undefined;
  if (!isLast || schedule.ActionAfterCompletion !== 'DELETE') return;
  const { schedules } = schedulerOf(cloud, schedule);
  // An update meanwhile made it another schedule, which has not run yet.
  const key = keyOf(schedule);
  if (schedules.get(key) === schedule) schedules.delete(key);
}
