import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './fixtures/lambda/support.ts';
import { type QueueCloud, startQueueCloud } from './queue-sources-support.ts';
import { redrive, type TestQueue } from './sqs-support.ts';

let cloud: QueueCloud;
beforeAll(async () => {
  cloud = await startQueueCloud();
});
afterEach(() => cloud.openGate());
afterAll(() => cloud.close());

const empty = { visible: 0, inFlight: 0, delayed: 0 };
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `order ${i}`);

async function sendAll(queue: TestQueue, texts: readonly string[], MessageGroupId?: string) {
  for (let i = 0; i < texts.length; i += 10) {
    const Entries = texts.slice(i, i + 10).map((MessageBody, n) => ({ Id: `${n}`, MessageBody, MessageGroupId }));
    await cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  }
}

describe('a batch', () => {
  test('is what Lambda documents as an SQS event', async () => {
    const queue = await cloud.queue();
    const { batches } = await cloud.consume(queue, 'show');
    const colour = { DataType: 'String', StringValue: 'red' };
    const { MessageId } = await queue.send('hello', { MessageAttributes: { colour } });
    const [event] = await eventually(async () => {
      const all = await batches();
      expect(all).toHaveLength(1);
      return all;
    });
    expect(event).toEqual({
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            colour: { stringValue: 'red', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          eventSource: 'aws:sqs',
          eventSourceARN: queue.arn,
          awsRegion: 'us-east-1',
        },
      ],
    });
    await eventually(async () => expect(await queue.counts()).toEqual(empty));
  });

  test('of a FIFO queue tells group, deduplication and sequence', async () => {
    const queue = await cloud.fifo();
    const { batches } = await cloud.consume(queue, 'show');
    const { SequenceNumber } = await queue.send('hello', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await eventually(async () => {
      const [event] = (await batches()) as { Records: { attributes: object }[] }[];
      expect(event?.Records[0]?.attributes).toMatchObject({
        SequenceNumber,
        MessageGroupId: 'g',
        MessageDeduplicationId: 'd',
      });
    });
  });

  test('holds at most as many messages as its size', async () => {
    const queue = await cloud.queue();
    await sendAll(queue, numbers(5));
    const { batches, seen } = await cloud.consume(queue, 'consume', { BatchSize: 2 });
    await eventually(async () => expect((await seen()).sort()).toEqual(numbers(5)));
    expect(((await batches()) as string[][]).map(({ length }) => length).sort()).toEqual([1, 2, 2]);
    await eventually(async () => expect(await queue.counts()).toEqual(empty));
  });

  test('gathers what comes within the batching window, far beyond ten messages', async () => {
    const queue = await cloud.queue({ VisibilityTimeout: '600' });
    const settings = { BatchSize: 100, MaximumBatchingWindowInSeconds: 60 };
    const { batches } = await cloud.consume(queue, 'consume', settings);
    await sendAll(queue, numbers(30));
    await cloud.clock.advance(30_000);
    await queue.send('late');
    await cloud.clock.advance(20_000);
    expect(await batches()).toEqual([]);
    await cloud.clock.advance(11_000);
    await eventually(async () => expect(await batches()).toEqual([[...numbers(30), 'late']]));
  });

  test('stays within the 6 MB of an invocation', async () => {
    const queue = await cloud.queue();
    const large = 'x'.repeat(1_048_000);
    for (let i = 0; i < 8; i += 1) await queue.send(`order ${i} ${large}`);
    const { batches, seen } = await cloud.consume(queue, 'consume');
    await eventually(async () => expect(await seen()).toHaveLength(8));
    expect(((await batches()) as string[][]).map(({ length }) => length).sort()).toEqual([3, 5]);
  });
});

test('messages that no filter lets pass are deleted', async () => {
  const queue = await cloud.queue();
  const Filters = [{ Pattern: '{"body": {"kind": ["wanted"]}}' }, { Pattern: '{"body": ["text"]}' }];
  await sendAll(queue, ['{"kind": "other"}', '{"kind": "wanted"}', 'text', 'more text']);
  const { seen } = await cloud.consume(queue, 'consume', { FilterCriteria: { Filters } });
  await eventually(async () => expect((await seen()).sort()).toEqual(['text', '{"kind": "wanted"}']));
  await eventually(async () => expect(await queue.counts()).toEqual(empty));
});

describe('a failure', () => {
  test('brings the whole batch back after the visibility timeout, and a poison message ends in the dead-letter queue', async () => {
    const dead = await cloud.queue();
    const queue = await cloud.queue({ ...redrive(dead, 3), VisibilityTimeout: '60' });
    await sendAll(queue, ['good', 'poison']);
    const { batches } = await cloud.consume(queue, 'consume');
    for (const times of [1, 2, 3]) {
      await eventually(async () => expect(await batches()).toHaveLength(times));
      expect(await queue.counts()).toMatchObject({ inFlight: 2 });
      await cloud.clock.advance(61_000, cloud.cloud.work.settled);
    }
    await eventually(async () => expect(await dead.counts()).toMatchObject({ visible: 2 }));
    expect(await batches()).toHaveLength(3);
  });

  test('of single messages leaves the others deleted', async () => {
    const dead = await cloud.queue();
    const queue = await cloud.queue({ ...redrive(dead, 2), VisibilityTimeout: '60' });
    await sendAll(queue, ['a', 'poison', 'b']);
    const { batches } = await cloud.consume(queue, 'reportEach', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    await eventually(async () => expect(await queue.counts()).toEqual({ ...empty, inFlight: 1 }));
    await cloud.clock.advance(61_000, cloud.cloud.work.settled);
    await eventually(async () => expect(await batches()).toEqual([['a', 'poison', 'b'], ['poison']]));
    await cloud.clock.advance(61_000, cloud.cloud.work.settled);
    await eventually(async () => expect(await dead.counts()).toMatchObject({ visible: 1 }));
    expect(await queue.counts()).toEqual(empty);
  });

  test('to invoke for want of concurrency gives the messages back, and counts as a receive', async () => {
    const dead = await cloud.queue();
    const queue = await cloud.queue({ ...redrive(dead, 1), VisibilityTimeout: '30' });
    await queue.send('throttled');
    const { batches } = await cloud.consume(queue, 'consume', {}, 0);
    await cloud.moving(async () => expect(await dead.counts()).toMatchObject({ visible: 1 }), 5000);
    expect(await batches()).toEqual([]);
  });
});

describe('a FIFO queue', () => {
  test('is processed group by group in order, whatever fails', async () => {
    const queue = await cloud.fifo({ VisibilityTimeout: '30' });
    await sendAll(queue, ['a1', 'poison a2', 'a3'], 'a');
    const { seen } = await cloud.consume(queue, 'report', { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await eventually(async () => expect(await seen()).toEqual(['a1', 'poison a2', 'a3']));
    await sendAll(queue, ['a4'], 'a');
    await sendAll(queue, ['b1'], 'b');
    // Group a is locked while its messages are in flight; group b goes on.
    await eventually(async () => expect(await seen()).toEqual(['a1', 'poison a2', 'a3', 'b1']));
    await eventually(async () => expect(await queue.counts()).toEqual({ ...empty, visible: 1, inFlight: 2 }));
    await cloud.clock.advance(31_000, cloud.cloud.work.settled);
    await eventually(async () =>
      expect(await seen()).toEqual(['a1', 'poison a2', 'a3', 'b1', 'poison a2', 'a3', 'a4']),
    );
  });

  test('gives every group its order and loses nothing, wherever the function stumbles', async () => {
    const queue = await cloud.fifo({ VisibilityTimeout: '30' });
    const settings = { FunctionResponseTypes: ['ReportBatchItemFailures' as const], BatchSize: 4 };
    const sent = ['a', 'b', 'c'].map((group, g) =>
      Array.from({ length: 10 }, (_, i) => `${group}${i}${(i * 7 + g) % 5 === 0 ? ` fails ${1 + (i % 2)}` : ''}`),
    );
    for (const [g, texts] of sent.entries()) await sendAll(queue, texts, `group-${g}`);
    // What a function has tried is kept in its environment: there is one.
    const { seen } = await cloud.consume(queue, 'stumble', settings, 1);
    await cloud.moving(async () => expect(await queue.counts()).toEqual(empty), 5000);
    const all = await seen();
    for (const texts of sent) expect(all.filter((text) => text[0] === texts[0]?.[0])).toEqual(texts);
  });

  test('has several groups under way at once', async () => {
    cloud.closeGate();
    const queue = await cloud.fifo();
    const { seen } = await cloud.consume(queue, 'linger', { BatchSize: 1 });
    for (const group of ['a', 'b', 'c']) await sendAll(queue, [`${group}1`, `${group}2`], group);
    await eventually(async () => expect((await seen()).sort()).toEqual(['a1', 'b1', 'c1']));
    cloud.openGate();
    await eventually(async () => expect(await seen()).toHaveLength(6));
  });
});

test('maximum concurrency holds, and no message is taken before there is room for it', async () => {
  cloud.closeGate();
  const queue = await cloud.queue({ VisibilityTimeout: '600' });
  await sendAll(queue, numbers(8));
  const { seen } = await cloud.consume(queue, 'linger', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
  const inFlight: number[] = [];
  const see = (count: number) =>
    eventually(async () => {
      inFlight.push((await queue.counts()).inFlight);
      expect((await seen()).length).toBeGreaterThanOrEqual(count);
    });
  await see(2);
  cloud.openGate();
  await see(4);
  expect(Math.max(...inFlight)).toBe(2);
});

test('without it more and more batches are under way while messages wait', async () => {
  cloud.closeGate();
  const queue = await cloud.queue({ VisibilityTimeout: '600' });
  await sendAll(queue, numbers(9));
  await cloud.consume(queue, 'linger', { BatchSize: 1 });
  await eventually(async () => expect((await queue.counts()).inFlight).toBeGreaterThan(5));
});

test('a mapping that is disabled takes nothing, and goes on when it is enabled', async () => {
  const queue = await cloud.queue();
  const { UUID, seen, mapping } = await cloud.consume(queue, 'consume');
  await queue.send('first');
  await eventually(async () => expect(await seen()).toEqual(['first']));
  await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await cloud.moving(async () => expect((await mapping()).State).toBe('Disabled'), 300);
  await queue.send('second');
  await cloud.clock.advance(5000);
  expect(await queue.counts()).toMatchObject({ visible: 1 });
  await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await cloud.clock.advance(300);
  await eventually(async () => expect(await seen()).toEqual(['first', 'second']));
});
