import type { QuotaSettings } from '@aws-sdk/client-api-gateway';
import type { KeyUsage, Plan } from './state.ts';

const dayMs = 86_400_000;

/**
 * When the period that `now` is in began: the day's midnight, the week's Sunday, the first of the month, in UTC ("QuotaSettings"
 * names the periods; that they are the calendar's is what AWS's offsets of up to 6 and 27 days imply).
 */
export function periodStart(period: QuotaSettings['period'], now: number): number {
  const date = new Date(now);
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (period === 'MONTH') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  if (period === 'WEEK') return midnight - date.getUTCDay() * dayMs;
  return midnight;
}

/**
 * How many requests a key has left in its period; `undefined` when the plan has no quota. "QuotaSettings": the offset is
 * subtracted from the limit in the initial period, the one the plan was made in.
 */
export function remaining({ settings: { quota }, created }: Plan, usage: KeyUsage, now: number): number | undefined {
  if (!quota) return undefined;
  const start = periodStart(quota.period, now);
  const initial = periodStart(quota.period, created) === start;
  const { used, extension } = usage.periodStart === start ? usage : { used: 0, extension: 0 };
  return Math.max(0, (quota.limit ?? 0) - (initial ? (quota.offset ?? 0) : 0) + extension - used);
}

/** Counts one request. False, and nothing counted, when none is left. */
export function consume(plan: Plan, usage: KeyUsage, now: number): boolean {
  const left = remaining(plan, usage, now);
  if (left === 0) return false;
  turnPeriod(plan, usage, now);
  usage.used += 1;
  note(plan, usage, now, 1);
  return true;
}

/** Gives a key so many requests for the rest of its period. */
export function grant(plan: Plan, usage: KeyUsage, now: number, wanted: number): void {
  turnPeriod(plan, usage, now);
  usage.extension += wanted - (remaining(plan, usage, now) ?? 0);
  note(plan, usage, now, 0);
}

function turnPeriod({ settings: { quota } }: Plan, usage: KeyUsage, now: number): void {
  const start = periodStart(quota?.period, now);
  if (usage.periodStart === start) return;
  usage.periodStart = start;
  usage.used = 0;
  usage.extension = 0;
}

/** The log of days that GetUsage answers. */
function note(plan: Plan, usage: KeyUsage, now: number, requests: number): void {
  const day = dayOf(now);
  const [used] = usage.days.get(day) ?? [0];
  usage.days.set(day, [used + requests, remaining(plan, usage, now) ?? 0]);
}

/** `2026-11-21` */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The days from one to another, both included. */
export function daysBetween(start: string, end: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(start); time <= Date.parse(end); time += dayMs) days.push(dayOf(time));
  return days;
}
