import { decode, type LogRecord } from '@stackyard/log-records';
import { readStream } from './stream-reader.ts';

/** Reads a log stream as its consumers do, from where it stood when the reader was made. */
export interface RecordReader {
  /** Every record that arrived so far, shard by shard; copies are not dropped. */
  arrived(): Promise<readonly LogRecord[]>;
}

/** A reader of the records that a stream holds, however they came there (docs/record-format.md). */
export async function readRecords(streamName: string): Promise<RecordReader> {
  const stream = await readStream(streamName, 'LATEST');
  const records: LogRecord[] = [];
  return {
    async arrived() {
      for (const { data } of await stream.poll()) records.push(...decode(data));
      return records;
    },
  };
}
