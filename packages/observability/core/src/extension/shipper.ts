import { setTimeout as timePasses } from 'node:timers/promises';
import type { RecordBuffer } from './buffer.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Failure, KinesisClient, PutOutcome } from './put-records.ts';
import { within } from './timers.ts';

/** Moves what waits in the buffer into the stream. */
export interface Shipper {
  /**
   * Ships until nothing waits or `budgetMs` milliseconds are over, whichever comes first; what is left stays in the buffer. In
   * an outage it returns at once, unless `regardless`.
   */
  ship(budgetMs: number, regardless?: 'regardless'): Promise<void>;
  /** Whether `ship` would try. */
  readonly ready: boolean;
}

/** Requests under way at the same time. */
const concurrency = 4;
/**
 * AWS takes 10 MiB in a request; this is for memory: of each request under way there are the text, its base64 and the bytes
 * sent, in a function that may have 128 MB.
 */
const limits = { records: 500, requestBytes: 2 * 1024 * 1024 };
/** With less left than this, no answer can be hoped for. */
const leastMs = 10;
const firstPauseMs = 50;
const longestPauseMs = 400;

export function createShipper(parts: {
  readonly buffer: RecordBuffer;
  readonly kinesis: KinesisClient;
  readonly breaker: CircuitBreaker;
  /** Called before each request, to add what should go with it. */
  beforeTake(): void;
  /** Told when an outage begins or goes on, and when it ends. */
  onOutage(reason: string, pauseMs: number): void;
  onRecovery(): void;
}): Shipper {
  const { buffer, kinesis, breaker } = parts;
  let running: Promise<void> | undefined;

  async function drain(end: number): Promise<void> {
    let fruitless = 0;
    let failure: Failure | undefined;
    const probing = breaker.tripped;
    while (buffer.length > 0) {
      const left = end - performance.now();
      if (left < leastMs) break;
      parts.beforeTake();
      const { accepted, outcomes } = await sendNext(left);
      failure = outcomes.find((outcome) => outcome.failure)?.failure;
      if (accepted > 0 && breaker.succeeded()) parts.onRecovery();
      fruitless = accepted > 0 ? 0 : fruitless + 1;
      if (failure && (!failure.passing || (probing && fruitless > 0))) break;
      if (outcomes.some(({ refused }) => refused.length > 0)) await pause(fruitless, end);
      else failure = undefined;
    }
    if (failure && (fruitless > 0 || !failure.passing)) parts.onOutage(failure.reason, breaker.failed());
  }

  async function sendNext(timeoutMs: number): Promise<{ accepted: number; outcomes: readonly PutOutcome[] }> {
    const batches = buffer.take(concurrency, limits);
    const outcomes = await Promise.all(batches.map((batch) => kinesis.putRecords(batch, timeoutMs)));
    const taken = batches.flat();
    const refused = outcomes.flatMap((outcome) => outcome.refused);
    buffer.settle(taken, refused);
    return { accepted: taken.length - refused.length, outcomes };
  }

  async function ship(budgetMs: number, regardless?: 'regardless'): Promise<void> {
    const end = performance.now() + budgetMs;
    while (running) {
      const left = end - performance.now();
      if (left < leastMs) return;
      await within(running, left);
    }
    if (buffer.length === 0 || !(breaker.closed || regardless)) return;
    running = drain(end).finally(() => {
      running = undefined;
    });
    await running;
  }

  return {
    ship,
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
