import type { StoredTarget } from './state.ts';

interface UnderWay {
  readonly requests: Set<AbortController>;
  whenIdle?: () => void;
}

/** Requests that targets have not answered to their end yet. */
const underWay = new WeakMap<StoredTarget, UnderWay>();

function of(target: StoredTarget): UnderWay {
  const known = underWay.get(target) ?? { requests: new Set() };
  underWay.set(target, known);
  return known;
}

/** Counts a request to a target until the returned function is called; its signal aborts when the target is cut off. */
export function begin(target: StoredTarget): { signal: AbortSignal; end: () => void } {
  const known = of(target);
  const abort = new AbortController();
  known.requests.add(abort);
  return {
    signal: abort.signal,
    end() {
      known.requests.delete(abort);
      if (known.requests.size === 0) known.whenIdle?.();
    },
  };
}

export const requestsTo = (target: StoredTarget) => of(target).requests.size;

/** Calls `run` when the last request to the target has ended. */
export function whenIdle(target: StoredTarget, run: () => void): void {
  of(target).whenIdle = run;
}

export function abortRequests(target: StoredTarget): void {
  for (const abort of of(target).requests) abort.abort(new Error('The deregistration delay is over'));
}
