import { randomUUID } from 'node:crypto';
import { type NextTime, readCron } from '../../schedules/cron.ts';
import { readRate } from '../../schedules/rate.ts';
import type { Cloud } from '../../service.ts';
import { createEvent } from './event.ts';
import { trigger } from './route-event.ts';
import { eventsOf, type Rule } from './state.ts';

/** Cancels the wait of a rule, by its ARN. */
type Timers = Map<string, () => void>;

const timersOfClouds = new WeakMap<Cloud, Timers>();

function timersOf(cloud: Cloud): Timers {
  const timers = timersOfClouds.get(cloud) ?? new Map<string, () => void>();
  timersOfClouds.set(cloud, timers);
  return timers;
}

/**
 * Reads `cron(…)`, in UTC, and `rate(…)`, which counts from `start` ("Creating a scheduled rule", EventBridge User Guide);
 * `undefined` when it is neither.
 */
export function readSchedule(expression: string, start = 0): NextTime | undefined {
  const every = readRate(expression, true);
  if (every !== undefined) return (from) => start + (Math.floor((from - start) / every) + 1) * every;
  return readCron(expression);
}

/** Starts waiting for the rule's next time, if it has a schedule and is enabled; takes the place of an earlier wait. */
export function arm(rule: Rule, cloud: Cloud, from: number = cloud.clock.now()): void {
  disarm(rule, cloud);
  if (rule.state === 'DISABLED' || rule.scheduleExpression === undefined) return;
  const time = readSchedule(rule.scheduleExpression, rule.scheduledFrom)?.(from);
  if (time === undefined) return;
  const timers = timersOf(cloud);
  const run = () => {
    timers.delete(rule.arn);
    arm(rule, cloud, time);
    trigger(cloud, rule, scheduledEvent(rule, time));
  };
  timers.set(rule.arn, cloud.clock.after(Math.max(0, time - cloud.clock.now()), run));
}

/** Arms every rule that state from an earlier run holds. */
export function armAll(cloud: Cloud): void {
  for (const place of cloud.scopes('events')) {
    for (const bus of eventsOf(cloud, place).buses.values()) {
      for (const rule of bus.rules.values()) arm(rule, cloud);
    }
  }
}

/** The rule no longer runs by its schedule. */
export function disarm(rule: Rule, cloud: Cloud): void {
  const timers = timersOf(cloud);
  timers.get(rule.arn)?.();
  timers.delete(rule.arn);
}

/** No rule of this cloud runs by its schedule any more. */
export function disarmAll(cloud: Cloud): void {
  const timers = timersOf(cloud);
  for (const cancel of timers.values()) cancel();
  timers.clear();
}

/** "Example: scheduled event", which only the rule's own targets get. */
function scheduledEvent(rule: Rule, time: number) {
  return createEvent({
    id: randomUUID(),
    detailType: 'Scheduled Event',
    source: 'aws.events',
    account: rule.account,
    time: new Date(time),
    region: rule.region,
    resources: [rule.arn],
    detail: '{}',
    ingested: time,
  });
}
