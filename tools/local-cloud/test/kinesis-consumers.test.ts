import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  type SubscribeToShardCommandInput,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { activeStream, aWhile, errorOf } from './kinesis-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let kinesis: KinesisClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  kinesis = cloud.client(KinesisClient);
});
afterAll(async () => {
  kinesis.destroy();
  await cloud.close();
});

const ShardId = 'shardId-000000000000';

/** A stream of one shard with a consumer that is ACTIVE. */
async function consumed() {
  const StreamName = await activeStream(kinesis, cloud.cloud.clock);
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  const StreamARN = StreamDescriptionSummary?.StreamARN;
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
  await cloud.cloud.clock.advance(aWhile);
  const ConsumerARN = Consumer?.ConsumerARN;
  const put = (text: string) =>
    kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from(text), PartitionKey: 'key' }));
  const subscribe = async (position: SubscribeToShardCommandInput['StartingPosition']) => {
    const input = { ConsumerARN, ShardId, StartingPosition: position };
    const { EventStream } = await kinesis.send(new SubscribeToShardCommand(input));
    const events = EventStream?.[Symbol.asyncIterator]();
    return async (): Promise<SubscribeToShardEvent | undefined> => (await events?.next())?.value?.SubscribeToShardEvent;
  };
  /** Events until so many records have come. */
  const texts = async (next: Awaited<ReturnType<typeof subscribe>>, count: number) => {
    const found: string[] = [];
    while (found.length < count) {
      const event = await next();
      if (!event) break;
      found.push(...(event.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));
    }
    return found;
  };
  return { StreamName, StreamARN, ConsumerARN, put, subscribe, texts };
}

test('a subscription gives what is there and then what comes, without being asked', async () => {
  const { put, subscribe, texts } = await consumed();
  await put('before');
  const next = await subscribe({ Type: 'TRIM_HORIZON' });
  expect(await texts(next, 1)).toEqual(['before']);
  await put('after');
  expect(await texts(next, 1)).toEqual(['after']);
});

test('it ends after five minutes and goes on where it was by the continuation sequence number', async () => {
  const { put, subscribe, texts } = await consumed();
  const next = await subscribe({ Type: 'LATEST' });
  const first = await next();
  expect(first).toMatchObject({ Records: [], MillisBehindLatest: 0 });
  await cloud.cloud.clock.advance(301_000);
  let last = first;
  for (let event = first; event; event = await next()) last = event;
  await put('meanwhile');
  const SequenceNumber = last?.ContinuationSequenceNumber;
  expect(await texts(await subscribe({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber }), 1)).toEqual(['meanwhile']);
});

test('at the end of a shard it names the children and ends', async () => {
  const { StreamName, put, subscribe } = await consumed();
  await put('last');
  const NewStartingHashKey = String(2n ** 127n);
  await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey }));
  const next = await subscribe({ Type: 'TRIM_HORIZON' });
  const event = await next();
  expect(event?.Records).toHaveLength(1);
  expect(event?.ChildShards?.map((child) => child.ShardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  expect(await next()).toBeUndefined();
});

test('it ends when its consumer is deregistered', async () => {
  const { ConsumerARN, put, subscribe, texts } = await consumed();
  const next = await subscribe({ Type: 'LATEST' });
  await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
  await cloud.cloud.clock.advance(1000);
  await put('afterwards');
  expect(await texts(next, 1)).toEqual([]);
});

test('a second subscription within five seconds is refused, a later one takes over', async () => {
  const { put, subscribe, texts } = await consumed();
  const first = await subscribe({ Type: 'LATEST' });
  await first();
  expect(await errorOf(subscribe({ Type: 'LATEST' }))).toMatchObject({ name: 'ResourceInUseException' });
  await cloud.cloud.clock.advance(6_000);
  const second = await subscribe({ Type: 'LATEST' });
  await second();
  await put('for the second');
  expect(await texts(second, 1)).toEqual(['for the second']);
});

test('what a consumer is', async () => {
  const { ConsumerARN, StreamARN } = await consumed();
  const { ConsumerDescription } = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
  expect(ConsumerDescription).toMatchObject({ ConsumerName: 'reader', ConsumerStatus: 'ACTIVE', StreamARN });
  expect(ConsumerARN).toMatch(new RegExp(`^${StreamARN}/consumer/reader:\\d+$`));
});
