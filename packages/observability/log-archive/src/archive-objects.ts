import { gzipSync } from 'node:zlib';
import { decode, identityOf, type LogRecord } from '@stackyard/log-records';
import type { KinesisStreamRecord } from 'aws-lambda';
import { logLine } from './log-line.ts';

/** An object of the archive: gzipped JSON, one record per line. */
export interface ArchiveObject {
  readonly key: string;
  readonly body: Uint8Array;
  /** How many records it holds. */
  readonly records: number;
}

/**
 * The objects for a batch, one for each hour in which its records arrived in the stream:
 * `records/date=2026-11-21/hour=13/{shard}-{sequence number of the batch's first}.json.gz`. A batch that is tried again gives the
 * same keys, so that its objects replace each other. Copies of a record within a batch are kept once.
 */
export function archiveObjects(batch: readonly KinesisStreamRecord[]): ArchiveObject[] {
  const [first] = batch;
  if (!first) return [];
  // shardId-000000000000:49545115243490985018280067714973144582180062593244200961
  const name = first.eventID.replace(':', '-');
  return [...byHour(batch)].map(([partition, records]) => ({
    key: `records/${partition}/${name}.json.gz`,
    body: gzipSync(records.map(logLine).join('')),
    records: records.length,
  }));
}

function byHour(batch: readonly KinesisStreamRecord[]): Map<string, LogRecord[]> {
  const hours = new Map<string, LogRecord[]>();
  const seen = new Set<string>();
  for (const { kinesis } of batch) {
    const arrived = new Date(kinesis.approximateArrivalTimestamp * 1000);
    const [date, time = ''] = arrived.toISOString().split('T');
    const partition = `date=${date}/hour=${time.slice(0, 2)}`;
    for (const record of decode(Buffer.from(kinesis.data, 'base64'), arrived)) {
      const identity = identityOf(record);
      if (identity !== undefined && seen.has(identity)) continue;
      if (identity !== undefined) seen.add(identity);
      const records = hours.get(partition) ?? [];
      hours.set(partition, records);
      records.push(record);
    }
  }
  return hours;
}
