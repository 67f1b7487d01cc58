import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';

export interface StreamRecord {
  readonly data: Buffer;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
}

/** Reads a stream from where it stood when the reader was made (or from its beginning). */
export interface StreamReader {
  /** Everything that arrived since the last call, shard by shard. */
  poll(): Promise<StreamRecord[]>;
}

export async function readStream(streamName: string, from: 'LATEST' | 'TRIM_HORIZON'): Promise<StreamReader> {
  // A shard gives 2 MB/s and takes five calls a second: a reader that catches up is told to wait.
  const kinesis = new KinesisClient({ maxAttempts: 10 });
  const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName: streamName }));
  const iterators = new Map<string, string | undefined>();
  for (const { ShardId } of Shards ?? []) {
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: streamName, ShardId, ShardIteratorType: from }),
    );
    iterators.set(ShardId as string, ShardIterator);
  }

  async function drain(shard: string): Promise<StreamRecord[]> {
    const read: StreamRecord[] = [];
    for (;;) {
      const ShardIterator = iterators.get(shard);
      if (!ShardIterator) return read;
      const { Records, NextShardIterator, MillisBehindLatest } = await kinesis.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      iterators.set(shard, NextShardIterator);
      for (const { Data, PartitionKey, SequenceNumber } of Records ?? []) {
        read.push({
          data: Buffer.from(Data ?? []),
          partitionKey: PartitionKey ?? '',
          sequenceNumber: SequenceNumber ?? '',
        });
      }
      // Each shard takes five GetRecords a second: none is spent on finding out that nothing more is there.
      if (!MillisBehindLatest) return read;
    }
  }

  return {
    async poll() {
      const shards = await Promise.all([...iterators.keys()].map(drain));
      return shards.flat();
    },
  };
}
