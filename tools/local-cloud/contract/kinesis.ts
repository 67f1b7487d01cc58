import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListTagsForStreamCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { kinesis as service } from '../src/services/kinesis/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const MiB = 1024 * 1024;
const reference = (operation: string) => `Kinesis API Reference, ${operation}`;
const quotas = 'Kinesis Data Streams Developer Guide, Quotas and limits';

/** A stream of one shard, ACTIVE. */
async function active(target: Target) {
  const kinesis = target.client(KinesisClient);
  const StreamName = target.name();
  target.afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await settled(target, kinesis, StreamName);
  return { kinesis, StreamName };
}

function settled(target: Target, kinesis: KinesisClient, StreamName: string) {
  return target.until(async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary?.StreamStatus).toBe('ACTIVE');
  });
}

async function fromHorizon(kinesis: KinesisClient, StreamName: string, ShardId = 'shardId-000000000000') {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator as string;
}

export const kinesis: Contract = {
  service,
  claims: [
    {
      operation: 'CreateStream',
      claim: 'refuses a name that is taken',
      source: reference('CreateStream'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        expect((await refusal(kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })))).name).toBe(
          'ResourceInUseException',
        );
      },
    },
    {
      operation: 'PutRecord',
      claim: 'answers the shard and a sequence number that grows',
      source: reference('PutRecord'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const put = () => kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from('a'), PartitionKey: 'k' }));
        const [first, second] = [await put(), await put()];
        expect(first.ShardId).toBe('shardId-000000000000');
        expect(BigInt(second.SequenceNumber as string)).toBeGreaterThan(BigInt(first.SequenceNumber as string));
      },
    },
    {
      operation: 'PutRecord',
      claim: 'refuses a record beyond 1 MiB',
      limit: '1 MiB a record',
      source: quotas,
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = new PutRecordCommand({ StreamName, Data: Buffer.alloc(MiB + 1), PartitionKey: 'k' });
        expect((await refusal(kinesis.send(call))).name).toMatch(/ValidationException|InvalidArgumentException/);
      },
    },
    {
      operation: 'PutRecord',
      claim: 'does not know a stream that is not there',
      source: reference('PutRecord'),
      async run(target) {
        const call = new PutRecordCommand({ StreamName: target.name(), Data: Buffer.from('a'), PartitionKey: 'k' });
        expect((await refusal(target.client(KinesisClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'PutRecords',
      claim: 'takes 500 records and refuses 501',
      limit: '500 records a call',
      source: reference('PutRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const put = (count: number) =>
          kinesis.send(
            new PutRecordsCommand({
              StreamName,
              Records: Array.from({ length: count }, () => ({ Data: Buffer.from('a'), PartitionKey: 'k' })),
            }),
          );
        expect((await put(500)).FailedRecordCount).toBe(0);
        expect((await refusal(put(501))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'GetRecords',
      claim: 'gives the records of a shard in their order, and where to go on',
      source: reference('GetRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        for (const text of ['a', 'b', 'c']) {
          await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'k' }));
        }
        let iterator = await fromHorizon(kinesis, StreamName);
        const read: string[] = [];
        await target.until(async () => {
          const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
          iterator = answer.NextShardIterator as string;
          read.push(...(answer.Records ?? []).map(({ Data }) => Buffer.from(Data as Uint8Array).toString()));
          expect(read).toEqual(['a', 'b', 'c']);
        });
      },
    },
    {
      operation: 'GetRecords',
      claim: 'refuses more than 10,000 records',
      limit: '10,000 records a call',
      source: reference('GetRecords'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const ShardIterator = await fromHorizon(kinesis, StreamName);
        const call = new GetRecordsCommand({ ShardIterator, Limit: 10_001 });
        expect((await refusal(kinesis.send(call))).name).toMatch(/ValidationException|InvalidArgumentException/);
      },
    },
    {
      operation: 'GetShardIterator',
      claim: 'does not know a shard that is not there',
      source: reference('GetShardIterator'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = fromHorizon(kinesis, StreamName, 'shardId-000000000009');
        expect((await refusal(call)).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'SplitShard',
      claim: 'closes the shard and opens two that name it as their parent',
      source: reference('SplitShard'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const half = String(2n ** 127n);
        await kinesis.send(
          new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }),
        );
        await settled(target, kinesis, StreamName);
        const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
        expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
          undefined,
          'shardId-000000000000',
          'shardId-000000000000',
        ]);
        expect(Shards[0]?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
      },
    },
    {
      operation: 'IncreaseStreamRetentionPeriod',
      claim: 'takes 8,760 hours and refuses one more',
      limit: '365 days of retention',
      source: quotas,
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const keep = (RetentionPeriodHours: number) =>
          kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
        expect((await refusal(keep(8761))).name).toMatch(/InvalidArgumentException|ValidationException/);
        await keep(8760);
      },
    },
    {
      operation: 'DecreaseStreamRetentionPeriod',
      claim: 'refuses less than 24 hours',
      limit: '24 hours of retention at least',
      source: reference('DecreaseStreamRetentionPeriod'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        const call = new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 23 });
        expect((await refusal(kinesis.send(call))).name).toMatch(/InvalidArgumentException|ValidationException/);
      },
    },
    {
      operation: 'AddTagsToStream',
      claim: 'adds to the tags that are there',
      source: reference('AddTagsToStream'),
      async run(target) {
        const { kinesis, StreamName } = await active(target);
        await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'a' } }));
        await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: 'b' } }));
        const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName }));
        expect(Tags).toEqual(
          expect.arrayContaining([
            { Key: 'team', Value: 'a' },
            { Key: 'stage', Value: 'b' },
          ]),
        );
      },
    },
    {
      operation: 'DeleteStream',
      claim: 'ends with the stream unknown',
      source: reference('DeleteStream'),
      async run(target) {
        const kinesis = target.client(KinesisClient);
        const StreamName = target.name();
        await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        await settled(target, kinesis, StreamName);
        await kinesis.send(new DeleteStreamCommand({ StreamName }));
        await target.until(async () => {
          const gone = await refusal(kinesis.send(new DescribeStreamSummaryCommand({ StreamName })));
          expect(gone.name).toBe('ResourceNotFoundException');
        });
      },
    },
  ],
};
