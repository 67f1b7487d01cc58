/** Tells how busy the environment is. */
export interface InvocationRate {
  /** Counts an invocation; returns whether they are frequent now. */
  count(): boolean;
}

/**
 * Invocations are frequent once 100 came within the last 10 seconds. At that rate the time an extension takes at their end is
 * time in which the environment serves nobody; a young environment has not had 100.
 */
const invocationsOfWindow = 100;
const windowMs = 10_000;

export function createInvocationRate(now: () => number = Date.now): InvocationRate {
  const times: number[] = [];
  return {
    count() {
      times.push(now());
      if (times.length > invocationsOfWindow) times.shift();
      // Also in time's other direction: the clock may be set back.
      return times.length === invocationsOfWindow && Math.abs(now() - (times[0] as number)) <= windowMs;
    },
  };
}
