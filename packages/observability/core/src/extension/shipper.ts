import { setTimeout as timePasses } from 'node:timers/promises';
import type { RecordBuffer } from './buffer.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { KinesisClient, PutOutcome } from './put-records.ts';
import { within } from './timers.ts';

/** Moves what waits in the buffer into the stream. */
export interface Shipper {
  /**
   * Ships what waits, and resolves when nothing waits, when Kinesis takes nothing, or after `budgetMs` milliseconds; what has
   * begun then goes on in the background. In an outage it does nothing, unless `regardless`.
   */
  ship(budgetMs: number, regardless?: 'regardless'): Promise<void>;
  /** Whether `ship` would try. */
  readonly ready: boolean;
  /** Gives up what is under way and ships nothing any more; resolves when the buffer has back what Kinesis has not confirmed. */
  stop(): Promise<void>;
}

/** Requests under way at the same time. */
const concurrency = 4;
/**
 * AWS takes 10 MiB in a request; this is for memory: of each request under way there are the text, its base64 and the bytes
 * sent, in a function that may have 128 MB.
 */
const limits = { records: 500, requestBytes: 2 * 1024 * 1024 };
/** In an outage one request asks whether it is over: signing more would take processor time from the function for nothing. */
const probeLimits = { records: 50, requestBytes: 64 * 1024 };
const firstPauseMs = 50;
const longestPauseMs = 400;

export function createShipper(parts: {
  readonly buffer: RecordBuffer;
  readonly kinesis: KinesisClient;
  readonly breaker: CircuitBreaker;
  /** Kinesis that has taken nothing for this long is out of order, in milliseconds. */
  readonly patienceMs: number;
  /** Called before each request, to add what should go with it. */
  beforeTake(): void;
  /** Told when an outage begins or goes on, and when it ends. */
  onOutage(reason: string, pauseMs: number): void;
  onRecovery(): void;
}): Shipper {
  const { buffer, kinesis, breaker, patienceMs } = parts;
  let running: Promise<void> | undefined;
  let stopped = false;

  /** Ships until nothing waits, or until Kinesis has taken nothing for the patience there is. */
  async function drain(): Promise<void> {
    const probing = breaker.tripped;
    let end = performance.now() + patienceMs;
    let fruitless = 0;
    while (buffer.length > 0 && !stopped) {
      parts.beforeTake();
      const { accepted, outcomes } = await sendNext(end - performance.now());
      if (accepted > 0) {
        if (breaker.succeeded()) parts.onRecovery();
        end = performance.now() + patienceMs;
      }
      fruitless = accepted > 0 ? 0 : fruitless + 1;
      const failure = outcomes.find((outcome) => outcome.failure)?.failure;
      if (failure && (!failure.passing || (fruitless > 0 && (probing || performance.now() >= end)))) {
        return parts.onOutage(failure.reason, breaker.failed());
      }
      if (outcomes.some(({ refused }) => refused.length > 0) && !stopped) await pause(fruitless, end);
    }
  }

  async function sendNext(timeoutMs: number): Promise<{ accepted: number; outcomes: readonly PutOutcome[] }> {
    const batches = breaker.tripped ? buffer.take(1, probeLimits) : buffer.take(concurrency, limits);
    const outcomes = await Promise.all(batches.map((batch) => kinesis.putRecords(batch, timeoutMs)));
    const taken = batches.flat();
    const refused = outcomes.flatMap((outcome) => outcome.refused);
    buffer.settle(taken, refused);
    return { accepted: taken.length - refused.length, outcomes };
  }

  async function ship(budgetMs: number, regardless?: 'regardless'): Promise<void> {
    if (buffer.length > 0 && (breaker.closed || regardless)) {
      running ??= drain().finally(() => {
        running = undefined;
      });
    }
    if (running) await within(running, budgetMs);
  }

  return {
    ship,
    async stop() {
      stopped = true;
      kinesis.close();
      await running;
    },
    get ready() {
      return breaker.closed;
    },
  };
}

/** Waits longer after each round in which nothing was accepted, with jitter, and never past the end. */
function pause(fruitless: number, end: number): Promise<void> {
  const ms = Math.min(firstPauseMs * 2 ** fruitless, longestPauseMs) * (0.5 + Math.random() / 2);
  return timePasses(Math.max(0, Math.min(ms, end - performance.now())));
}
