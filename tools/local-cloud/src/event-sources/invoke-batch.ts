import { randomUUID } from 'node:crypto';
import { type Answer, callFunction } from './call-function.ts';
import { largestPayload } from './lane.ts';
import type { Run } from './run.ts';
import type { SourceRecord } from './source.ts';

/** What the function did with a batch. */
export type BatchOutcome =
  /** The function could not be called: throttled, gone, or its role can't be taken. */
  | { readonly kind: 'not-invoked'; readonly reason: string }
  /** `from` is the index of the first record to be tried again; the batch's length when all are done. */
  | { readonly kind: 'invoked'; readonly from: number; readonly state: object | undefined; readonly answer: Answer };

/** Calls the function once with these records and reads its answer. */
export async function invokeBatch(
  run: Run,
  records: readonly SourceRecord[],
  windowMembers: object | undefined,
): Promise<BatchOutcome> {
  const payload = Buffer.from(JSON.stringify({ Records: records.map(({ event }) => event), ...windowMembers }));
  if (payload.length > largestPayload) {
    // A record that alone is too large for an invocation: no attempt can succeed.
    const answer = { requestId: randomUUID(), statusCode: 413, executedVersion: '$LATEST', functionError: undefined };
    return { kind: 'invoked', from: 0, state: undefined, answer };
  }
  const outcome = await callFunction(run, payload);
  if (outcome.kind === 'not-invoked') return outcome;
  const { answer } = outcome;
  if (answer.functionError) return { kind: 'invoked', from: 0, state: undefined, answer };
  const response = parse(outcome.response);
  const state = windowMembers ? stateOf(response) : undefined;
  // "If your response doesn't contain a state property, Lambda considers this a failed invocation."
  if (windowMembers && !state) return { kind: 'invoked', from: 0, state: undefined, answer };
  const { reportBatchItemFailures } = run.mapping.settings;
  const from = reportBatchItemFailures ? firstFailure(response, records) : records.length;
  return { kind: 'invoked', from, state, answer };
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString() || 'null');
  } catch {
    return undefined;
  }
}

function stateOf(response: unknown): object | undefined {
  const state = (response as { state?: unknown } | null)?.state;
  return typeof state === 'object' && state !== null ? state : undefined;
}

/**
 * Where to go on after a partial batch response: the failure with the lowest sequence number is the checkpoint. An empty
 * list, an empty or null response mean success; an empty, null or unknown identifier and a misspelt key mean that all
 * failed ("Configuring partial batch response with Kinesis Data Streams and Lambda").
 */
export function firstFailure(response: unknown, records: readonly Pick<SourceRecord, 'sequenceNumber'>[]): number {
  if (response === null || response === undefined || response === '') return records.length;
  if (typeof response !== 'object') return records.length;
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return records.length;
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex(({ sequenceNumber }) => sequenceNumber === failure?.itemIdentifier),
  );
  return Math.max(0, Math.min(records.length, ...indexes));
}
