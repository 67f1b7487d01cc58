import {
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
  type Shard,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatSequenceNumber, parseSequenceNumber } from '../src/services/kinesis/sequence-number.ts';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile, readAll } from './kinesis-support.ts';

let test: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;

beforeAll(async () => {
  test = await startTestCloud();
  kinesis = test.client(KinesisClient);
});
afterAll(() => test.close());

type Step =
  | { readonly do: 'put'; readonly records: readonly PutRecordsRequestEntry[] }
  | { readonly do: 'split' | 'merge' | 'scale'; readonly at: number };

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => [...text].length <= 256),
);
const data = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  // Large enough that some records of a batch are throttled.
  { weight: 1, arbitrary: fc.nat(255).map((byte) => new Uint8Array(400_000).fill(byte)) },
);
const record = fc.oneof(
  fc.record({ PartitionKey: key, Data: data }),
  // The key says the hash key too: records that share a partition key then share a shard.
  fc
    .bigInt({ min: 0n, max: 2n ** 128n - 1n })
    .chain((hash) =>
      fc.record({ PartitionKey: fc.constant(`at ${hash}`), ExplicitHashKey: fc.constant(String(hash)), Data: data }),
    ),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      records: fc.array(record, { minLength: 1, maxLength: 20 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('split', 'merge', 'scale'), at: fc.nat(7) }) },
);

it('whatever is put is read back exactly once, in order per partition key, across resharding', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (ShardCount, steps) => {
        const stream = await activeStream(kinesis, test.cloud.clock, { ShardCount });
        const accepted: PutRecordsRequestEntry[] = [];
        for (const one of steps) {
          if (one.do === 'put') accepted.push(...(await putUntilAccepted(stream, one.records)));
          else await reshard(stream, one);
        }
        const records = await readAll(kinesis, test.cloud.clock, stream);
        expect(records).toHaveLength(accepted.length);
        expect(byKey(records)).toEqual(byKey(accepted));
        const numbers = records.map((one) => one.SequenceNumber);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(records.every((one, i) => isAfterSameKey(records, one, i))).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);

it('a sequence number says what it was made from', () => {
  const number = fc.record({
    shardCreated: fc.nat(2 ** 31 - 1),
    shardIndex: fc.nat(2 ** 31 - 1),
    position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    arrived: fc.nat(2 ** 31 - 1),
  });
  fc.assert(
    fc.property(number, (parts) => {
      expect(parseSequenceNumber(formatSequenceNumber(parts))).toEqual(parts);
    }),
  );
});

/** Puts a batch and retries its failed entries alone, as a producer does. Answers the entries in order of acceptance. */
async function putUntilAccepted(
  StreamName: string,
  records: readonly PutRecordsRequestEntry[],
): Promise<PutRecordsRequestEntry[]> {
  const accepted: PutRecordsRequestEntry[] = [];
  let waiting = [...records];
  while (waiting.length > 0) {
    const { Records: results = [], FailedRecordCount } = await kinesis.send(
      new PutRecordsCommand({ StreamName, Records: waiting }),
    );
    accepted.push(...waiting.filter((_, i) => results[i]?.SequenceNumber));
    waiting = waiting.filter((_, i) => results[i]?.ErrorCode === 'ProvisionedThroughputExceededException');
    expect(waiting).toHaveLength(FailedRecordCount ?? 0);
    if (waiting.length > 0) await test.cloud.clock.advance(1000);
  }
  return accepted;
}

async function reshard(StreamName: string, { do: what, at }: { do: string; at: number }): Promise<void> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }));
  const open = Shards.map((shard) => ({ shard, start: BigInt(shard.HashKeyRange?.StartingHashKey ?? 0) }))
    .sort((a, b) => (a.start < b.start ? -1 : 1))
    .map(({ shard }) => shard);
  const chosen = open[at % open.length] as Shard;
  const next = open[(at % open.length) + 1];
  const middle =
    (BigInt(chosen.HashKeyRange?.StartingHashKey ?? 0) + BigInt(chosen.HashKeyRange?.EndingHashKey ?? 0)) / 2n;
  if (what === 'split') {
    const NewStartingHashKey = String(middle);
    await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: chosen.ShardId, NewStartingHashKey }));
  } else if (what === 'merge' && next) {
    const merge = { StreamName, ShardToMerge: chosen.ShardId, AdjacentShardToMerge: next.ShardId };
    await kinesis.send(new MergeShardsCommand(merge));
  } else if (what === 'scale') {
    const TargetShardCount = Math.ceil(open.length / 2) + (at % (open.length + 1));
    await kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));
  }
  await test.cloud.clock.advance(aWhile);
}

function byKey(records: readonly { PartitionKey?: string | undefined; Data?: Uint8Array | undefined }[]) {
  const found = new Map<string, string[]>();
  for (const { PartitionKey = '', Data = new Uint8Array() } of records) {
    found.set(PartitionKey, [...(found.get(PartitionKey) ?? []), Buffer.from(Data).toString('base64')]);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sequence numbers of one partition key grow, also from a parent shard to its child. */
function isAfterSameKey(
  records: readonly { PartitionKey?: string | undefined; SequenceNumber?: string | undefined }[],
  { PartitionKey, SequenceNumber }: { PartitionKey?: string | undefined; SequenceNumber?: string | undefined },
  index: number,
): boolean {
  const before = records.slice(0, index).findLast((one) => one.PartitionKey === PartitionKey);
  return !before || BigInt(before.SequenceNumber ?? 0) < BigInt(SequenceNumber ?? 0);
}
