/** A Kinesis record on its way. Records are added while it is the youngest that waits, and no more once it was taken. */
export interface Entry {
  /** Number of its first record, which orders it. */
  readonly sequence: number;
  readonly partitionKey: string;
  /** The records in it as JSON: one, or several to be aggregated. */
  readonly texts: string[];
  /** What Kinesis counts: data in UTF-8 and partition key, before base64. */
  bytes: number;
}

/**
 * PutRecords, Kinesis API Reference: at most 500 records and 10 MiB in a request, partition keys included; a stream takes
 * records of 1 MiB unless its own limit was raised.
 */
export const kinesisLimits = { records: 500, requestBytes: 10 * 1024 * 1024, recordBytes: 1024 * 1024 };

export interface BatchLimits {
  readonly records: number;
  readonly requestBytes: number;
}

/** Where the batch that begins at `start` ends: the index after its last entry. It has one entry at least. */
export function endOfBatch(entries: readonly Entry[], start: number, limits: BatchLimits): number {
  let bytes = 0;
  let end = start;
  while (end < entries.length && end - start < limits.records) {
    bytes += (entries[end] as Entry).bytes;
    if (bytes > limits.requestBytes && end > start) break;
    end += 1;
  }
  return end;
}
