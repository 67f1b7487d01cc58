import { emitLambdaMetric } from '../metrics/lambda-metrics.ts';
import type { Answer } from './call-function.ts';
import { sendToFailureDestination } from './failure-destination.ts';
import { invokeBatch } from './invoke-batch.ts';
import type { Progress } from './progress.ts';
import type { Run } from './run.ts';
import type { SourceRecord } from './source.ts';
import { largestState, type TumblingWindow, windowAt, windowMembers } from './tumbling-window.ts';

/** AWS names no waits between retries: they grow from one second to one minute here. */
const firstBackoffMs = 1000;
const longestBackoffMs = 60_000;
const backoff = (attempt: number) => Math.min(firstBackoffMs * 2 ** (attempt - 1), longestBackoffMs);

export interface BatchProcessor {
  /** Resolves when every record was processed or discarded. Answers the window with its new state. */
  process(records: readonly SourceRecord[], window: TumblingWindow | undefined): Promise<TumblingWindow | undefined>;
  /** The last invocation for a window. */
  finish(window: TumblingWindow): Promise<void>;
}

/**
 * Retries, halves and discards batches ("Retain discarded batch records for a Kinesis Data Streams event source in
 * Lambda"): what could not be invoked is retried until it is too old, what failed also until its retries are used up.
 * "Splitting batches doesn't consume the retry quota."
 */
export function createBatchProcessor(run: Run, shardId: string, progress: Progress): BatchProcessor {
  const { cloud, mapping, signal } = run;
  const { settings, eventSourceArn: streamArn } = mapping;
  let window: TumblingWindow | undefined;

  function finished(records: readonly SourceRecord[]): void {
    for (const { sequenceNumber } of records) progress.done(sequenceNumber);
  }

  /** "The age of the last record in the event", when the function has processed the batch. */
  function emitIteratorAge(records: readonly SourceRecord[]): void {
    const age = cloud.clock.now() - (records.at(-1)?.arrived ?? cloud.clock.now());
    emitLambdaMetric(cloud, mapping.target, 'IteratorAge', Math.max(0, age));
  }

  async function discard(
    records: readonly SourceRecord[],
    condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
    attempts: number,
    answer: Answer | undefined,
  ): Promise<void> {
    await sendToFailureDestination(run, { shardId, records, condition, attempts, answer });
    finished(records);
  }

  /** Discards what is too old at the batch's head; answers the rest. */
  async function young(records: readonly SourceRecord[], attempts: number, answer?: Answer) {
    const age = settings.maximumRecordAgeSeconds;
    const limit = Math.min(age === -1 ? Number.POSITIVE_INFINITY : age * 1000, run.retentionMs);
    const oldest = cloud.clock.now() - limit;
    const index = records.findIndex(({ arrived }) => arrived >= oldest);
    const count = index === -1 ? records.length : index;
    if (count > 0) await discard(records.slice(0, count), 'RecordAgeExceeded', attempts, answer);
    return records.slice(count);
  }

  const members = (isFinal: boolean, isEarly: boolean) =>
    window && windowMembers(window, { shardId, streamArn, isFinal, isEarly });

  async function settle(given: readonly SourceRecord[], failedBefore: number): Promise<void> {
    let records = given;
    let failed = failedBefore;
    let last: Answer | undefined;
    for (let round = 1; ; round += 1) {
      records = await young(records, failed, last);
      if (records.length === 0) return;
      signal.throwIfAborted();
      const outcome = await invokeBatch(run, records, members(false, false));
      if (outcome.kind === 'not-invoked') {
        mapping.lastProcessingResult = `PROBLEM: ${outcome.reason}`;
      } else {
        last = outcome.answer;
        emitIteratorAge(records);
        await keepState(outcome.state);
        finished(records.slice(0, outcome.from));
        const isPartial = outcome.from > 0;
        records = records.slice(outcome.from);
        mapping.lastProcessingResult = records.length === 0 ? 'OK' : 'PROBLEM: Function call failed';
        if (records.length === 0) return;
        if (settings.bisect && isPartial) continue;
        if (settings.bisect && records.length > 1) {
          const middle = Math.ceil(records.length / 2);
          await settle(records.slice(0, middle), failed);
          return settle(records.slice(middle), failed);
        }
        failed += 1;
        if (settings.maximumRetryAttempts !== -1 && failed > settings.maximumRetryAttempts) {
          return discard(records, 'RetryAttemptsExhausted', failed, last);
        }
      }
      await cloud.clock.sleep(backoff(round), signal);
    }
  }

  /** State that grows too large ends the window early; the same window goes on with a fresh one. */
  async function keepState(state: object | undefined): Promise<void> {
    if (!window || !state) return;
    window = { ...window, state };
    if (Buffer.byteLength(JSON.stringify(state)) <= largestState) return;
    await invokeFinally(true);
    window = { ...windowAt(window.start, settings.tumblingWindowSeconds) };
  }

  /** "If the invocation fails, your Lambda function suspends further processing until the invocation succeeds." */
  async function invokeFinally(isEarly: boolean): Promise<void> {
    for (let round = 1; ; round += 1) {
      signal.throwIfAborted();
      const outcome = await invokeBatch(run, [], members(!isEarly, isEarly));
      const isDone = outcome.kind === 'invoked' && outcome.answer.functionError === undefined && outcome.state;
      mapping.lastProcessingResult = isDone ? 'OK' : 'PROBLEM: Function call failed';
      if (isDone) return;
      await cloud.clock.sleep(backoff(round), signal);
    }
  }

  return {
    async process(records, current) {
      window = current;
      await settle(records, 0);
      return window;
    },
    async finish(current) {
      window = current;
      await invokeFinally(false);
    },
  };
}
