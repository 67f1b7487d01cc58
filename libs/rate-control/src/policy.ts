import { PolicyError } from './errors.ts';

/** What a partner allows, in the partner's words. All of it holds at once. */
export interface PolicyInput {
  /** Names the state in the store: everybody who calls the partner uses the same. Letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Calls per sliding window: `[{ count: 10, seconds: 1 }, { count: 500, seconds: 60 }]`. */
  readonly windows?: readonly { readonly count: number; readonly seconds: number }[];
  /** Calls under way at once. */
  readonly concurrency?: number;
  /** Speed: the least time between two calls. */
  readonly spacingMs?: number;
  /** The most calls in immediate succession, which then stand for as much time as they would have taken at the pace of the fastest window. */
  readonly burst?: number;
  /**
   * How much longer one call may be on its way from its permit to the partner than another. Windows are longer by this much, or by
   * the call's duration where that is less. Default 5.
   */
  readonly transitMs?: number;
  /** When a call is aborted. A died caller's calls count as under way for this long. Default 10,000. */
  readonly callTimeoutMs?: number;
}

/**
 * One limit, as `count` permits each of which rests between two uses: count permits that rest for a window each are the sliding
 * window itself, for no window can hold two uses of one permit.
 */
export interface Limit {
  /** `10 per 1 s`, for messages and metrics. */
  readonly name: string;
  readonly count: number;
  /** How long a permit rests at most, from its use; after its holder's lease has ended, from that end. */
  readonly restMs: number;
  /** How long it rests once the call is over: what was under way is at the partner by then. 0 for concurrency. */
  readonly restAfterCallMs: number;
  /** Concurrency: rests until its call is over. */
  readonly duringCall: boolean;
}

export interface Policy {
  readonly name: string;
  readonly limits: readonly Limit[];
  readonly callTimeoutMs: number;
}

/** Clocks run apart by 500 parts per million at most: `MAXFREQ` of RFC 5905, beyond which NTP does not hold a clock. */
const drift = 500e-6;

/** A duration by this machine's clock that is not shorter than `ms` by any other. */
export const atLeast = (ms: number): number => Math.ceil(ms * (1 + drift));
/** A duration by this machine's clock that is not longer than `ms` by any other. */
export const atMost = (ms: number): number => Math.floor(ms * (1 - drift));

/** Throws PolicyError with all problems of the input. */
export function definePolicy(input: PolicyInput): Policy {
  const { name, windows = [], concurrency, spacingMs, burst, transitMs = 5, callTimeoutMs = 10_000 } = input;
  const problems = problemsOf({ ...input, transitMs, callTimeoutMs });
  if (problems.length > 0) throw new PolicyError(String(name), problems);

  const window = (count: number, ms: number, label: string): Limit => ({
    name: label,
    count,
    restMs: atLeast(ms + transitMs),
    restAfterCallMs: atLeast(ms),
    duringCall: false,
  });
  const limits = windows.map(({ count, seconds }) => window(count, seconds * 1000, `${count} per ${seconds} s`));
  if (spacingMs !== undefined) limits.push(window(1, spacingMs, `1 per ${spacingMs} ms`));
  if (burst !== undefined) limits.push(window(burst, burst * fastestPace(windows), `burst of ${burst}`));
  if (concurrency !== undefined) {
    const restMs = atLeast(callTimeoutMs);
    limits.push({ name: `${concurrency} at once`, count: concurrency, restMs, restAfterCallMs: 0, duringCall: true });
  }
  return { name, limits, callTimeoutMs };
}

/** Milliseconds a call of the fastest window stands for. */
const fastestPace = (windows: readonly { count: number; seconds: number }[]) =>
  Math.min(...windows.map(({ count, seconds }) => (seconds * 1000) / count));

const isCount = (value: number) => Number.isInteger(value) && value >= 1 && value <= 1_000_000;
const isDuration = (value: number, longest: number) => Number.isFinite(value) && value > 0 && value <= longest;
const longestSeconds = 31 * 86_400;

function problemsOf(input: PolicyInput & { transitMs: number; callTimeoutMs: number }): string[] {
  const { name, windows = [], concurrency, spacingMs, burst, transitMs, callTimeoutMs } = input;
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  must(/^[\w.-]{1,128}$/.test(name), 'the name takes 1 to 128 letters, digits, dots, underscores and hyphens');
  must(
    windows.length > 0 || concurrency !== undefined || spacingMs !== undefined,
    'it limits nothing: give windows, concurrency or spacingMs',
  );
  for (const { count, seconds } of windows) {
    must(isCount(count), `a window's count is a whole number from 1 to 1,000,000, not ${count}`);
    must(isDuration(seconds, longestSeconds), `a window's seconds are more than 0 and at most 31 days, not ${seconds}`);
  }
  const durations = windows.map(({ seconds }) => seconds);
  must(new Set(durations).size === durations.length, 'two windows have the same length: keep the smaller count');
  for (const looser of windows) {
    const tighter = windows.find(({ count, seconds }) => seconds > looser.seconds && count <= looser.count);
    must(
      !tighter,
      `${looser.count} per ${looser.seconds} s never counts beside ${tighter?.count} per ${tighter?.seconds} s`,
    );
  }
  if (concurrency !== undefined) must(isCount(concurrency), `concurrency is a whole number from 1, not ${concurrency}`);
  if (spacingMs !== undefined)
    must(isDuration(spacingMs, 86_400_000), `spacingMs is more than 0 and at most a day, not ${spacingMs}`);
  if (burst !== undefined) {
    const counts = windows.map(({ count }) => count);
    must(isCount(burst), `burst is a whole number from 1, not ${burst}`);
    must(windows.length > 0, 'burst needs a window whose pace it is measured by');
    must(
      counts.every((count) => burst < count),
      `burst ${burst} is no less than a window's count of ${Math.min(...counts)}`,
    );
  }
  must(
    Number.isFinite(transitMs) && transitMs >= 0 && transitMs <= 60_000,
    `transitMs is 0 to 60,000, not ${transitMs}`,
  );
  must(isDuration(callTimeoutMs, 900_000), `callTimeoutMs is more than 0 and at most 15 minutes, not ${callTimeoutMs}`);
  return problems;
}
