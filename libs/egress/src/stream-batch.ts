import type { FoldableEvent } from '@stackyard/event-folding';
import { logger } from '@stackyard/handler-kit/logger';
import { type Egress, tasksOf } from './carry-out.ts';

/** What Lambda wants to know of a batch ("Partial batch responses", AWS Lambda Developer Guide). */
export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

export interface StreamBatch<Record, Event> {
  readonly records: readonly Record[];
  /** The record's sequence number. */
  identify(record: Record): string;
  /** Throws where a record holds no event. */
  read(record: Record): Event;
}

/**
 * Carries out a batch of a stream's shard, in order, up to the first record that can't be: Lambda goes on with that one, and what
 * comes after it waits. When that is the batch's very first record this throws, so that Lambda halves the batch until the record
 * is alone, and gives up that record and no other.
 */
export async function carryOutStream<Record, Event extends FoldableEvent>(
  { records, identify, read }: StreamBatch<Record, Event>,
  egress: Egress<Event>,
): Promise<BatchResponse> {
  const { events, problem } = readable(records, read);
  const positions = new Map(events.map((event, index) => [event, index]));
  const open = new Set(events.keys());
  let failure = problem;
  let done = 0;
  for (const task of await tasksOf(events, egress)) {
    try {
      await task.run();
    } catch (error) {
      failure = error;
      break;
    }
    for (const event of task.events) open.delete(positions.get(event) ?? -1);
    done += task.events.length;
  }
  // Of the records still open the first is the checkpoint; without any it is the one that could not be read.
  const first = open.size > 0 ? Math.min(...open) : events.length;
  logger.info('batch', { records: records.length, done, checkpoint: first });
  const stopped = records[first];
  if (stopped === undefined) return { batchItemFailures: [] };
  logger.error('record.failed', { sequenceNumber: identify(stopped), error: failure as Error });
  if (first === 0) throw failure;
  return { batchItemFailures: [{ itemIdentifier: identify(stopped) }] };
}

function readable<Record, Event>(records: readonly Record[], read: (record: Record) => Event) {
  const events: Event[] = [];
  try {
    for (const record of records) events.push(read(record));
    return { events, problem: undefined };
  } catch (problem) {
    return { events, problem };
  }
}
