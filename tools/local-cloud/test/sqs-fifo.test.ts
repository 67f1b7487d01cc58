import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { bodies, newQueue, type QueueAttributes, redrive, type TestQueue } from './sqs-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = cloud.client(SQSClient);
});
afterAll(() => cloud.close());

const region = 'us-east-1';
const root = { account: '000000000000', type: 'root', arn: 'arn:aws:iam::000000000000:root', userId: '0' } as const;
const seconds = (count: number) => cloud.cloud.clock.advance(count * 1000);
const fifo = (attributes: QueueAttributes = {}) =>
  newQueue(sqs, { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes });

async function sendAll(queue: TestQueue, ...messages: string[]) {
  for (const body of messages) await queue.send(body, { MessageGroupId: body[0] });
}

test('a group comes in order again after a timeout, and other groups do not wait for it', async () => {
  const queue = await fifo({ VisibilityTimeout: '30' });
  await sendAll(queue, 'a1', 'a2', 'b1');
  expect(bodies(await queue.receive({ MaxNumberOfMessages: 1 }))).toEqual(['a1']);
  expect(bodies(await queue.receive())).toEqual(['b1']);
  await seconds(31);
  expect(bodies(await queue.receive()).sort()).toEqual(['a1', 'a2', 'b1']);
});

test('a message given back in the middle of its batch comes before what follows it', async () => {
  const queue = await fifo();
  await sendAll(queue, 'a1', 'a2', 'a3', 'a4');
  const [first, second, third] = await queue.receive({ MaxNumberOfMessages: 3 });
  await queue.delete(first);
  const back = { QueueUrl: queue.url, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 };
  await sqs.send(new ChangeMessageVisibilityCommand(back));
  expect(await queue.receive()).toEqual([]);
  await queue.delete(third);
  expect(bodies(await queue.receive())).toEqual(['a2', 'a4']);
});

test('a duplicate is one for five minutes, though the first has been received and deleted', async () => {
  const queue = await fifo();
  await sendAll(queue, 'a1');
  await queue.delete((await queue.receive())[0]);
  await sendAll(queue, 'a1');
  expect(await queue.receive()).toEqual([]);
  await seconds(301);
  await sendAll(queue, 'a1');
  expect(bodies(await queue.receive())).toEqual(['a1']);
});

test('the scope of deduplication is the queue, or each group', async () => {
  const send = async (queue: TestQueue) => {
    for (const MessageGroupId of ['a', 'b']) await queue.send('same', { MessageGroupId });
    return (await queue.receive()).length;
  };
  expect(await send(await fifo())).toBe(1);
  expect(await send(await fifo({ DeduplicationScope: 'messageGroup' }))).toBe(2);
  await expect(fifo({ FifoThroughputLimit: 'perMessageGroupId' })).rejects.toThrow('FifoThroughputLimit');
});

test('300 calls a second of each kind, unless throughput is high', async () => {
  const queue = await fifo();
  // Within the cloud: over HTTP they would be slower than the limit.
  const refusedOf = async (target: TestQueue) => {
    const receive = () => cloud.cloud.call('sqs', 'ReceiveMessage', { QueueUrl: target.url }, { caller: root, region });
    const receives = await Promise.allSettled(Array.from({ length: 1000 }, receive));
    return receives.filter(({ status }) => status === 'rejected');
  };
  const refused = await refusedOf(queue);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ reason: { code: 'RequestThrottled' } });
  const high = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' };
  expect(await refusedOf(await fifo(high))).toEqual([]);
});

test('a poison message leaves its group for the dead-letter queue, and the group goes on', async () => {
  const dead = await fifo();
  const queue = await fifo({ ...redrive(dead, 1), VisibilityTimeout: '0' });
  await sendAll(queue, 'a1', 'a2');
  expect(bodies(await queue.receive({ MaxNumberOfMessages: 1 }))).toEqual(['a1']);
  expect(bodies(await queue.receive())).toEqual(['a2']);
  const [message] = await dead.receive();
  expect(message?.Attributes).toMatchObject({ MessageGroupId: 'a', DeadLetterQueueSourceArn: queue.arn });
});

test('messages of a FIFO queue have no delay of their own', async () => {
  const queue = await fifo();
  await expect(queue.send('a', { MessageGroupId: 'a', DelaySeconds: 2 })).rejects.toThrow(
    'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  );
});

test('an attempt is not repeated once one of its messages was deleted', async () => {
  const queue = await fifo();
  await sendAll(queue, 'a1', 'a2', 'a3');
  const attempt = () => queue.receive({ MaxNumberOfMessages: 2, ReceiveRequestAttemptId: 'once' });
  const [first, second] = await attempt();
  expect(bodies(await attempt())).toEqual(['a1', 'a2']);
  await queue.delete(first);
  expect(await attempt()).toEqual([]);
  await queue.delete(second);
  expect(bodies(await attempt())).toEqual(['a3']);
});
