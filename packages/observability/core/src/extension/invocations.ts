import { startTimer } from './timers.ts';

/** Which invocation runs, as the platform's events tell. */
export interface Invocations {
  /** The one that lines without a request id belong to: the last that began. */
  readonly current: string | undefined;
  started(requestId: string): void;
  /** Says which trace an invocation belongs to. */
  belongs(requestId: string, traceId: string): void;
  /** The trace of one of the last invocations. */
  traceOf(requestId: string | undefined): string | undefined;
  ended(requestId: string): void;
  /**
   * Resolves when the invocation has ended, after `mostMs` if it has not, or after `silenceMs` if nothing was heard of its
   * beginning either: then telemetry does not come, and waiting for it would only cost.
   */
  end(requestId: string, mostMs: number, silenceMs: number): Promise<void>;
}

/** Telemetry of an invocation comes until the next one has begun, rarely later. */
const rememberedTraces = 16;

export function createInvocations(): Invocations {
  let current: string | undefined;
  let lastEnded: string | undefined;
  const traces = new Map<string, string>();
  let waiting: { readonly requestId: string; resolve(): void } | undefined;

  return {
    get current() {
      return current;
    },
    started(requestId) {
      current = requestId;
    },
    belongs(requestId, traceId) {
      traces.set(requestId, traceId);
      if (traces.size > rememberedTraces) traces.delete(traces.keys().next().value as string);
    },
    traceOf: (requestId) => (requestId === undefined ? undefined : traces.get(requestId)),
    ended(requestId) {
      lastEnded = requestId;
      if (waiting?.requestId === requestId) waiting.resolve();
    },
    end(requestId, mostMs, silenceMs) {
      if (lastEnded === requestId || mostMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const finish = () => {
          stopLimit();
          stopSilence();
          waiting = undefined;
          resolve();
        };
        const stopLimit = startTimer(mostMs, finish);
        const stopSilence = startTimer(Math.min(silenceMs, mostMs), () => {
          if (current !== requestId) finish();
        });
        waiting = { requestId, resolve: finish };
      });
    },
  };
}
