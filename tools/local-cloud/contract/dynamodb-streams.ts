import {
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  type StreamViewType,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { guide, newTable, reference, settled } from './dynamodb-support.ts';

const streamsReference = (operation: string) => `DynamoDB Streams API Reference, ${operation}`;

async function streamed(target: Target, StreamViewType: StreamViewType = 'NEW_AND_OLD_IMAGES') {
  const made = await newTable(target, { StreamSpecification: { StreamEnabled: true, StreamViewType } });
  const streams = target.client(DynamoDBStreamsClient);
  const { Table } = await made.dynamodb.send(new DescribeTableCommand({ TableName: made.TableName }));
  const StreamArn = Table?.LatestStreamArn as string;
  await target.until(async () => {
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription?.StreamStatus).toBe('ENABLED');
  });
  /** All records there are, shard by shard. */
  const read = async () => {
    const records: StreamRecord[] = [];
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const first = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
      let { ShardIterator } = await streams.send(new GetShardIteratorCommand(first));
      for (let round = 0; ShardIterator && round < 5; round += 1) {
        const answer = await streams.send(new GetRecordsCommand({ ShardIterator }));
        records.push(...(answer.Records ?? []));
        ShardIterator = answer.NextShardIterator;
      }
    }
    return records;
  };
  const put = (id: string, n: number) =>
    made.dynamodb.send(new PutItemCommand({ TableName: made.TableName, Item: { id: { S: id }, n: { N: `${n}` } } }));
  return { ...made, streams, StreamArn, read, put };
}

const item = (id: string, n: number) => ({ id: { S: id }, n: { N: `${n}` } });

export const streamClaims: readonly Claim[] = [
  {
    operation: 'GetRecords',
    beside: ['DescribeStream', 'GetShardIterator', 'PutItem', 'DeleteItem'],
    claim: 'gives every change of an item in order with both images, and nothing for a write that changed nothing',
    source: guide('Change data capture for DynamoDB Streams'),
    async run(target) {
      const { dynamodb, TableName, read, put } = await streamed(target);
      for (const n of [1, 2, 2]) await put('a', n);
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'a' } } }));
      const records = await target.until(async () => {
        const found = await read();
        expect(found).toHaveLength(3);
        return found;
      });
      expect(records.map(({ eventName, dynamodb: change }) => [eventName, change?.OldImage, change?.NewImage])).toEqual(
        [
          ['INSERT', undefined, item('a', 1)],
          ['MODIFY', item('a', 1), item('a', 2)],
          ['REMOVE', item('a', 2), undefined],
        ],
      );
      const sequence = records.map(({ dynamodb: change }) => BigInt(change?.SequenceNumber as string));
      expect([...sequence].sort((a, b) => Number(a - b))).toEqual(sequence);
      expect(records[0]).toMatchObject({ eventSource: 'aws:dynamodb', awsRegion: target.region });
    },
  },
  ...(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE'] as const).map(
    (viewType): Claim => ({
      operation: 'GetRecords',
      beside: ['CreateTable'],
      claim: `gives what the view type ${viewType} says`,
      source: guide('Change data capture for DynamoDB Streams'),
      async run(target) {
        const { read, put } = await streamed(target, viewType);
        await put('a', 1);
        await put('a', 2);
        const last = await target.until(async () => {
          const found = await read();
          expect(found).toHaveLength(2);
          return found[1]?.dynamodb;
        });
        expect(last?.Keys).toEqual({ id: { S: 'a' } });
        expect(last?.NewImage).toEqual(viewType === 'NEW_IMAGE' ? item('a', 2) : undefined);
        expect(last?.OldImage).toEqual(viewType === 'OLD_IMAGE' ? item('a', 1) : undefined);
      },
    }),
  ),
  {
    operation: 'GetRecords',
    claim: 'gives records of items that expired, deleted by DynamoDB itself',
    source: guide('Using time to live (TTL) in DynamoDB'),
    async run(target) {
      // AWS takes up to a few days for it.
      if (target.kind === 'aws') return;
      const { dynamodb, TableName, read } = await streamed(target);
      const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
      await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      const expires = { N: String(Math.floor(Date.now() / 1000) + 5) };
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, expires } }));
      const removal = await target.until(async () => {
        const found = await read();
        expect(found).toHaveLength(2);
        return found[1];
      });
      expect(removal).toMatchObject({
        eventName: 'REMOVE',
        userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
      });
    },
  },
  {
    operation: 'GetShardIterator',
    beside: ['GetRecords'],
    claim: 'begins at the horizon, at the end, at a sequence number or after it',
    source: streamsReference('GetShardIterator'),
    async run(target) {
      const { streams, StreamArn, read, put } = await streamed(target);
      for (const n of [1, 2, 3]) await put('a', n);
      const records = await target.until(async () => {
        const found = await read();
        expect(found).toHaveLength(3);
        return found;
      });
      const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
      const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
      const SequenceNumber = records[1]?.dynamodb?.SequenceNumber;
      const from = async (position: object) => {
        const input = { StreamArn, ShardId, ...position } as ConstructorParameters<typeof GetShardIteratorCommand>[0];
        const { ShardIterator } = await streams.send(new GetShardIteratorCommand(input));
        const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator }));
        return Records?.map(({ dynamodb: change }) => Number(change?.NewImage?.['n']?.N));
      };
      expect(await from({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual([1, 2, 3]);
      expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber })).toEqual([2, 3]);
      expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).toEqual([3]);
      expect(await from({ ShardIteratorType: 'LATEST' })).toEqual([]);
    },
  },
  {
    operation: 'ListStreams',
    beside: ['UpdateTable', 'DescribeStream'],
    claim: 'lists a stream that was turned off beside the one after it, and the old one can still be read',
    source: streamsReference('ListStreams'),
    async run(target) {
      const { dynamodb, streams, TableName, StreamArn, read, put } = await streamed(target);
      await put('a', 1);
      const specify = async (StreamSpecification: { StreamEnabled: boolean; StreamViewType?: StreamViewType }) => {
        await dynamodb.send(new UpdateTableCommand({ TableName, StreamSpecification }));
        await settled(target, dynamodb, TableName);
      };
      await specify({ StreamEnabled: false });
      await specify({ StreamEnabled: true, StreamViewType: 'KEYS_ONLY' });
      const { Streams } = await streams.send(new ListStreamsCommand({ TableName }));
      expect(Streams).toHaveLength(2);
      expect(Streams?.map((stream) => stream.StreamArn)).toContain(StreamArn);
      await target.until(async () => {
        const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
        expect(StreamDescription?.StreamStatus).toBe('DISABLED');
        for (const { SequenceNumberRange } of StreamDescription?.Shards ?? []) {
          expect(SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
        }
      });
      expect(await read()).toHaveLength(1);
    },
  },
  {
    operation: 'UpdateTable',
    claim: 'refuses to turn a stream on twice',
    source: reference('UpdateTable'),
    async run(target) {
      const { dynamodb, TableName } = await streamed(target);
      const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const };
      const call = new UpdateTableCommand({ TableName, StreamSpecification });
      expect((await refusal(dynamodb.send(call))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'DescribeStream',
    claim: 'does not know a stream that is not there',
    source: streamsReference('DescribeStream'),
    async run(target) {
      const { StreamArn } = await streamed(target);
      const call = new DescribeStreamCommand({ StreamArn: StreamArn.replace(/\d{4}-/, '2019-') });
      const error = await refusal(target.client(DynamoDBStreamsClient).send(call));
      expect(error.name).toBe('ResourceNotFoundException');
    },
  },
];
