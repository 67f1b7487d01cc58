import { isAtLeast } from '@stackyard/log-records/levels';
import { type Content, invocationOf, readEvent } from '@stackyard/log-records/read-event';
import { type Entry, kinesisLimits } from './batches.ts';
import type { RecordBuffer } from './buffer.ts';
import type { Configuration } from './configuration.ts';
import type { Invocations } from './invocations.ts';
import type { Origin } from './records.ts';
import { createRedaction } from './redaction.ts';
import { isSampled } from './sampling.ts';
import { encodeRecord } from './split-record.ts';

/** Turns telemetry events into records and puts them into the buffer. */
export interface Collector {
  collect(events: readonly unknown[]): void;
  /** A record of the extension's own: something a reader of the stream has to know. */
  report(message: string, attributes: Readonly<Record<string, unknown>>): void;
}

/** Longest partition key: the environment's id, a colon and the digits of a safe integer. */
const keyBytes = 16 + 1 + 16;

/**
 * The partition key is the environment and the sequence number. So records spread over the shards evenly, a record that is
 * shipped twice goes to the same shard both times, and `sequence` says the order across shards. Where records are aggregated, the
 * key is that of the first.
 */
function entryOf(environment: string, sequence: number, data: string): Entry {
  const partitionKey = `${environment}:${sequence}`;
  return { sequence, partitionKey, texts: [data], bytes: Buffer.byteLength(data) + partitionKey.length };
}

export function createCollector(
  configuration: Pick<Configuration, 'types' | 'level' | 'sampling' | 'redactedKeys'>,
  origin: Origin,
  invocations: Invocations,
  buffer: RecordBuffer,
): Collector {
  const { types, level, sampling } = configuration;
  const redact = createRedaction(configuration.redactedKeys);
  let sequence = 0;

  function add(content: Content): void {
    const first = sequence;
    const texts = encodeRecord({ v: 1, ...content, ...origin }, kinesisLimits.recordBytes - keyBytes, () => sequence++);
    texts.forEach((text, i) => {
      buffer.push(entryOf(origin.environment, first + i, text));
    });
  }

  function isWanted({ source, level: itsLevel, requestId }: Content): boolean {
    return types.has(source) && isAtLeast(itsLevel, level) && isSampled(sampling, itsLevel, requestId);
  }

  function collectOne(event: unknown): void {
    const invocation = invocationOf(event);
    if (invocation?.phase === 'start') invocations.started(invocation.requestId);
    const content = readEvent(event, invocations.current);
    if (isWanted(content)) add(redact(traced(content)));
    if (invocation?.phase === 'runtimeDone') invocations.ended(invocation.requestId);
  }

  /** With the trace of its invocation, unless it names one itself. */
  function traced(content: Content): Content {
    const traceId = content.traceId ?? invocations.traceOf(content.requestId);
    return traceId === undefined ? content : { ...content, traceId };
  }

  return {
    collect(events) {
      for (const event of events) {
        try {
          collectOne(event);
        } catch {
          // JSON can nest deeper than it can be written again. One such line must not take the others with it.
          buffer.countUnwritable();
        }
      }
    },
    report(message, attributes) {
      add({ time: new Date().toISOString(), level: 'WARN', message, source: 'extension', attributes });
    },
  };
}
