import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { active, reference } from './kinesis-support.ts';

/** A stream with a registered consumer, ACTIVE. */
async function consumer(target: Target) {
  const { kinesis, StreamName } = await active(target);
  const StreamARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
  const ConsumerName = 'reader';
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  const ConsumerARN = Consumer?.ConsumerARN;
  await target.until(async () => {
    const { ConsumerDescription } = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    expect(ConsumerDescription?.ConsumerStatus).toBe('ACTIVE');
  });
  return { kinesis, StreamName, StreamARN, ConsumerName, ConsumerARN };
}

/** Claims about registered consumers and what is pushed to them. */
export const consumerClaims: readonly Claim[] = [
  {
    operation: 'RegisterStreamConsumer',
    beside: ['DescribeStreamConsumer', 'ListStreamConsumers', 'DeregisterStreamConsumer'],
    claim: 'makes a consumer of the stream that stands until it is deregistered',
    source: reference('RegisterStreamConsumer'),
    async run(target) {
      const { kinesis, StreamARN, ConsumerName, ConsumerARN } = await consumer(target);
      const again = kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
      expect((await refusal(again)).name).toBe('ResourceInUseException');
      const { Consumers } = await kinesis.send(new ListStreamConsumersCommand({ StreamARN }));
      expect(Consumers?.map((one) => one.ConsumerARN)).toEqual([ConsumerARN]);
      await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
      await target.until(async () => {
        const gone = kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
        expect((await refusal(gone)).name).toBe('ResourceNotFoundException');
      });
    },
  },
  {
    operation: 'RegisterStreamConsumer',
    claim: 'refuses a name with a space',
    source: reference('RegisterStreamConsumer'),
    async run(target) {
      const { kinesis, StreamName } = await active(target);
      const StreamARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
      const call = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'a b' });
      expect((await refusal(kinesis.send(call))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'TagResource',
    beside: ['RegisterStreamConsumer', 'ListTagsForResource'],
    claim: 'tags a registered consumer beside the tags it was registered with',
    source: reference('RegisterStreamConsumer'),
    async run(target) {
      const { kinesis, StreamName } = await active(target);
      const StreamARN = `arn:aws:kinesis:${target.region}:${target.account}:stream/${StreamName}`;
      const input = { StreamARN, ConsumerName: 'tagged', Tags: { team: 'a' } };
      const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(input));
      const ResourceARN = Consumer?.ConsumerARN;
      target.afterwards(() => kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN: ResourceARN })));
      await kinesis.send(new TagResourceCommand({ ResourceARN, Tags: { stage: 'b' } }));
      const { Tags = [] } = await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }));
      expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual({ team: 'a', stage: 'b' });
    },
  },
  {
    operation: 'SubscribeToShard',
    claim: 'pushes records as events, and refuses a second subscription in the next five seconds',
    limit: '1 subscription for each consumer and shard, anew after 5 seconds',
    source: reference('SubscribeToShard'),
    async run(target) {
      const { kinesis, StreamName, ConsumerARN } = await consumer(target);
      await kinesis.send(new PutRecordCommand({ StreamName, Data: Buffer.from('pushed'), PartitionKey: 'key' }));
      const call = () =>
        kinesis.send(
          new SubscribeToShardCommand({
            ConsumerARN,
            ShardId: 'shardId-000000000000',
            StartingPosition: { Type: 'TRIM_HORIZON' },
          }),
        );
      const { EventStream } = await call();
      expect((await refusal(call())).name).toBe('ResourceInUseException');
      for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
        if (!event?.Records?.length) continue;
        expect(Buffer.from(event.Records[0]?.Data ?? []).toString()).toBe('pushed');
        expect(event.ContinuationSequenceNumber).toBe(event.Records[0]?.SequenceNumber);
        break;
      }
    },
  },
];
