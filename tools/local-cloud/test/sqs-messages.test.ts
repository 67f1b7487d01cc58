import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { bodies, newQueue, redrive } from './sqs-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let sqs: SQSClient;
beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = cloud.client(SQSClient);
});
afterAll(() => cloud.close());

const seconds = (count: number) => cloud.cloud.clock.advance(count * 1000);

test('a delayed message is not given out before its time', async () => {
  const queue = await newQueue(sqs, { DelaySeconds: '10' });
  await queue.send('by the queue');
  await queue.send('by itself', { DelaySeconds: 20 });
  expect(await queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 2 });
  await seconds(11);
  expect(bodies(await queue.receive())).toEqual(['by the queue']);
  await seconds(10);
  expect(bodies(await queue.receive())).toEqual(['by itself']);
});

/** Lets time pass until the call is answered. */
async function passing<T>(call: Promise<T>): Promise<T> {
  let pending = true;
  const settled = () => {
    pending = false;
  };
  call.then(settled, settled);
  while (pending) {
    await seconds(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return call;
}

test('a long poll ends when a delay, a visibility timeout or its own time is over', async () => {
  const queue = await newQueue(sqs, { ReceiveMessageWaitTimeSeconds: '20' });
  await queue.send('later', { DelaySeconds: 5 });
  expect(bodies(await passing(queue.receive({ VisibilityTimeout: 7 })))).toEqual(['later']);
  expect(bodies(await passing(queue.receive({ VisibilityTimeout: 43_200 })))).toEqual(['later']);
  expect(await passing(queue.receive())).toEqual([]);
});

test('a poller that goes away while it waits takes no message with it', async () => {
  const queue = await newQueue(sqs);
  const gone = new AbortController();
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 20 }), {
    abortSignal: gone.signal,
  });
  await cloud.cloud.clock.advance(100);
  gone.abort();
  await expect(waiting).rejects.toThrow();
  // The connection's end reaches the cloud in its own time.
  await expect.poll(async () => (await queue.counts()).inFlight).toBe(0);
  await queue.send('kept');
  expect(bodies(await queue.receive({ WaitTimeSeconds: 5 }))).toEqual(['kept']);
});

test('the newest receipt handle counts: an older one deletes nothing, a newest one also after its time', async () => {
  const queue = await newQueue(sqs, { VisibilityTimeout: '10' });
  await queue.send('a');
  const [old] = await queue.receive();
  await seconds(11);
  const [newest] = await queue.receive();
  expect(newest?.ReceiptHandle).not.toBe(old?.ReceiptHandle);
  await queue.delete(old);
  expect(await queue.counts()).toMatchObject({ inFlight: 1 });
  await seconds(11);
  await queue.delete(newest);
  expect(await queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('visibility can be extended, twelve hours in all', async () => {
  const queue = await newQueue(sqs);
  await queue.send('a');
  const [message] = await queue.receive();
  const extend = (VisibilityTimeout: number) =>
    sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout,
      }),
    );
  await extend(3600);
  await seconds(3500);
  expect(await queue.receive()).toEqual([]);
  await expect(extend(43_000)).rejects.toThrow('Total VisibilityTimeout for the message is beyond the limit');
  await seconds(101);
  expect(await queue.receive()).toHaveLength(1);
});

test('messages leave the queue when the retention period is over, and a shorter one reaches those there', async () => {
  const queue = await newQueue(sqs, { MessageRetentionPeriod: '3600' });
  await queue.send('a');
  await seconds(1000);
  await queue.send('b');
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { MessageRetentionPeriod: '900' } }));
  expect(bodies(await queue.receive())).toEqual(['b']);
  await seconds(901);
  expect(await queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('a message keeps its id, its time and its count on its way to the dead-letter queue', async () => {
  const dead = await newQueue(sqs);
  const queue = await newQueue(sqs, { ...redrive(dead, 2), VisibilityTimeout: '0' });
  const { MessageId } = await queue.send('poison');
  const [first] = await queue.receive();
  await queue.receive();
  expect(await dead.counts()).toMatchObject({ visible: 0 });
  expect(await queue.receive()).toEqual([]);
  const [message] = await dead.receive();
  expect(message).toMatchObject({ MessageId, Body: 'poison' });
  expect(message?.Attributes).toMatchObject({
    SentTimestamp: first?.Attributes?.SentTimestamp,
    ApproximateReceiveCount: '3',
    DeadLetterQueueSourceArn: queue.arn,
  });
});

test('a redrive allow policy decides which queues may name a dead-letter queue', async () => {
  const policy = { redrivePermission: 'denyAll' };
  const dead = await newQueue(sqs, { RedriveAllowPolicy: JSON.stringify(policy) });
  await expect(newQueue(sqs, redrive(dead, 1))).rejects.toThrow('RedriveAllowPolicy');
  const fifo = await newQueue(sqs, { FifoQueue: 'true' });
  await expect(newQueue(sqs, redrive(fifo, 1))).rejects.toThrow('must be same type of queue');
});

test('binary attributes come back as they were, and lists are refused', async () => {
  const queue = await newQueue(sqs);
  const trace = {
    DataType: 'Binary',
    BinaryValue: Buffer.from('traceparent\u001e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01'),
  };
  const { MD5OfMessageAttributes } = await queue.send('test', { MessageAttributes: { attr1: trace } });
  // The digest that SQS answers for this attribute.
  expect(MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
  const [message] = await queue.receive({ MessageAttributeNames: ['All'] });
  expect(Buffer.from(message?.MessageAttributes?.['attr1']?.BinaryValue ?? [])).toEqual(trace.BinaryValue);
  const list = { DataType: 'String', StringListValues: ['a'] };
  await expect(queue.send('test', { MessageAttributes: { list } })).rejects.toThrow('Lists are not implemented');
});
