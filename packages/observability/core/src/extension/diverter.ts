import type { Entry } from './batches.ts';
import type { RecordBuffer } from './buffer.ts';
import { zlib } from './built-in.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { S3Client } from './put-object.ts';
import type { Origin } from './records.ts';
import { within } from './timers.ts';

/** Moves into the second destination what would be dropped. */
export interface Diverter {
  /** Whether the buffer is filling up, and it is not too early to try. */
  readonly due: boolean;
  /**
   * Writes the oldest records into objects until the buffer has room again, or until none is left with `everything`. Resolves
   * then, when it fails, or after `budgetMs`; what has begun then goes on in the background.
   */
  divert(budgetMs: number, everything?: 'everything'): Promise<void>;
  /** Everything ever diverted. */
  readonly diverted: { readonly records: number; readonly bytes: number };
}

/** An object and what it is made of are in memory together. */
const largestObjectBytes = 2 * 1024 * 1024;

export function createDiverter(parts: {
  readonly buffer: RecordBuffer;
  readonly bufferBytes: number;
  readonly s3: S3Client;
  readonly prefix: string;
  readonly origin: Origin;
  readonly breaker: CircuitBreaker;
  /** How long an object may take, in milliseconds. */
  readonly deadlineMs: number;
  onFailure(reason: string, pauseMs: number): void;
}): Diverter {
  const { buffer, bufferBytes, s3, prefix, origin, breaker, deadlineMs } = parts;
  const diverted = { records: 0, bytes: 0 };
  let running: Promise<void> | undefined;

  async function relieve(floorBytes: number, budgetMs: number): Promise<void> {
    while (buffer.waitingBytes > floorBytes) {
      const entries = buffer.take(1, { records: Number.POSITIVE_INFINITY, requestBytes: largestObjectBytes }).flat();
      const texts = entries.flatMap((entry) => entry.texts);
      const body = zlib().gzipSync(`${texts.join('\n')}\n`);
      const failure = await s3.putObject(keyOf(prefix, origin, entries), body, Math.min(deadlineMs, budgetMs));
      buffer.settle(entries, failure === undefined ? [] : entries);
      if (failure !== undefined) return parts.onFailure(failure, breaker.failed());
      breaker.succeeded();
      diverted.records += texts.length;
      diverted.bytes += entries.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  return {
    get due() {
      return buffer.waitingBytes > bufferBytes / 2 && breaker.closed;
    },
    async divert(budgetMs, everything) {
      const end = performance.now() + budgetMs;
      const left = () => end - performance.now();
      if (everything && running) await within(running, left());
      running ??= relieve(everything ? 0 : bufferBytes / 4, left()).finally(() => {
        running = undefined;
      });
      await within(running, left());
    },
    diverted,
  };
}

/** Day, function, environment and number of the first record: a request that is repeated as it was overwrites its object. */
function keyOf(prefix: string, { function: name, environment }: Origin, entries: readonly Entry[]): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  const first = String(entries[0]?.sequence).padStart(12, '0');
  return `${prefix}${day}/${name}/${environment}-${first}.ndjson.gz`;
}
