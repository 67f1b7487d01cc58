import {
  DescribeStreamConsumerCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, type CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsumerCloud, startConsumerCloud, streamArn } from './event-sources-support.ts';
import { errorOf } from './kinesis-support.ts';

let cloud: ConsumerCloud;
let ConsumerARN: string;
beforeEach(async () => {
  cloud = await startConsumerCloud();
  await cloud.grant('Function', 'kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer');
  ConsumerARN = await registered('reader');
});
afterEach(() => cloud.close());

/** A registered consumer of the stream, ACTIVE. */
async function registered(ConsumerName: string): Promise<string> {
  const input = { StreamARN: streamArn('orders'), ConsumerName };
  const { Consumer } = await cloud.kinesis.send(new RegisterStreamConsumerCommand(input));
  await cloud.moving(async () => {
    const { ConsumerDescription } = await cloud.kinesis.send(new DescribeStreamConsumerCommand(input));
    expect(ConsumerDescription?.ConsumerStatus).toBe('ACTIVE');
  });
  return Consumer?.ConsumerARN as string;
}

const consume = (handler: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}) =>
  cloud.consume(handler, { EventSourceArn: ConsumerARN, ...settings });
const seen = async () => ((await cloud.batches()) as string[][]).flat();
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `order ${i}`);

describe('a mapping of a registered consumer (enhanced fan-out)', () => {
  test('gets what is there and what comes, in order', async () => {
    await cloud.put(...numbers(3));
    await consume('consume', { BatchSize: 2 });
    await cloud.moving(async () => expect(await seen()).toEqual(numbers(3)));
    await cloud.put('order 3');
    await cloud.moving(async () => expect(await seen()).toEqual(numbers(4)));
  });

  test('goes on without a loss or a double when its subscriptions end after five minutes', async () => {
    await consume('consume');
    for (let i = 0; i < 4; i += 1) {
      await cloud.put(`order ${i}`);
      await cloud.moving(async () => expect(await seen()).toEqual(numbers(i + 1)));
      await cloud.clock.advance(200_000);
    }
  });

  test('reads children after their parents', async () => {
    await cloud.put(...numbers(3));
    await consume('consume');
    await cloud.moving(async () => expect(await seen()).toEqual(numbers(3)));
    const split = { StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: `${2n ** 127n}` };
    await cloud.kinesis.send(new SplitShardCommand(split));
    await cloud.clock.advance(1000);
    await cloud.put('order 3', 'order 4');
    await cloud.moving(async () => expect(await seen()).toEqual(numbers(5)));
  });

  test('halves a batch until the bad record is alone and goes on behind it', async () => {
    await cloud.put('a', 'b', 'poison', 'd');
    await consume('consume', { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
    await cloud.moving(async () => expect(await cloud.batches()).toHaveLength(5));
    expect((await cloud.batches()).slice(-2)).toEqual([['poison'], ['d']]);
  });

  test('names the consumer in what the function gets', async () => {
    await consume('show');
    await cloud.put('hello');
    await cloud.moving(async () => expect(await cloud.batches()).toHaveLength(1));
    const [event] = (await cloud.batches()) as { Records: { eventSourceARN: string }[] }[];
    expect(event?.Records[0]?.eventSourceARN).toBe(ConsumerARN);
  });

  test('is refused to a second function, to a role that may not subscribe, and without a consumer', async () => {
    await consume('consume');
    await cloud.create('other', 'x');
    await cloud.create('silent', 'x', { Role: cloud.role('Silent') });
    const mapped = (FunctionName: string, EventSourceArn: string) =>
      errorOf(
        cloud.lambda.send(
          new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, StartingPosition: 'LATEST' }),
        ),
      );
    expect(await mapped('other', ConsumerARN)).toMatchObject({ name: 'ResourceConflictException' });
    expect(await mapped('other', `${streamArn('orders')}/consumer/nobody:1`)).toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('not found'),
    });
    expect(await mapped('silent', await registered('second'))).toMatchObject({
      message: expect.stringContaining('the role can perform the SubscribeToShard Action'),
    });
  });
});
