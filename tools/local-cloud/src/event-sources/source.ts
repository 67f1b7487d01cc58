/** One record of a stream, as the pollers handle it. */
export interface SourceRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Milliseconds since the epoch. */
  readonly arrived: number;
  /** The record as it stands in the event, and its length there in bytes. */
  readonly event: object;
  readonly bytes: number;
  /** What filter criteria look at: parsed JSON. */
  readonly filterable: () => object;
}

export interface SourceShard {
  readonly id: string;
  /** Shards to be finished first; those that are no longer listed count as finished. */
  readonly parents: readonly string[];
}

/** Where reading of a shard begins. */
export type Position =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

export interface SourceRead {
  readonly records: readonly SourceRecord[];
  /** Absent when the shard is closed and read to its end. */
  readonly next: string | undefined;
  /** Records are waiting behind these. */
  readonly hasMore: boolean;
}

/**
 * A stream that event source mappings read shard by shard: of Kinesis, or of a DynamoDB table.
 * Every call is made as the function's execution role; what it may not do throws AccessDeniedException.
 */
export interface StreamSource {
  shards(): Promise<{ readonly shards: readonly SourceShard[]; readonly retentionMs: number }>;
  iterator(shardId: string, position: Position): Promise<string>;
  read(shardId: string, iterator: string, limit: number): Promise<SourceRead>;
  /** The member of an on-failure record that tells which batch it was, e.g. `KinesisBatchInfo`. */
  readonly batchInfoName: string;
  /** How often a shard is looked at that has nothing more to give, in milliseconds. */
  readonly pollMs: number;
  /** The pace while a shard has more to give, in milliseconds. */
  readonly catchUpMs: number;
}
