import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { active, quotas, reference } from './kinesis-support.ts';

const MiB = 1024 * 1024;

/** An iterator that begins with the oldest record of the shard. */
async function fromHorizon(kinesis: KinesisClient, StreamName: string, ShardId = 'shardId-000000000000') {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator as string;
}

/** Claims about putting records and getting them. */
export const recordClaims: readonly Claim[] = [
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
];
