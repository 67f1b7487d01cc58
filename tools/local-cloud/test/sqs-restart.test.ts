import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueUrlCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';
import { bodies, newQueue, redrive } from './sqs-support.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sqs-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function start() {
  const running = await startCloud({ port: 0, dataDir, log: () => undefined });
  const settings = { endpoint: running.endpoint, region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  return { ...running, clock: running.cloud.clock, sqs: new SQSClient(settings) };
}

test('queues keep their messages, what is in flight, and a redrive under way, also on another port', async () => {
  const before = await start();
  const orders = await newQueue(before.sqs, { FifoQueue: 'true', ContentBasedDeduplication: 'true' }, 'orders');
  await orders.send('taken', { MessageGroupId: 'a' });
  const [taken] = await orders.receive();
  await orders.send('behind it', { MessageGroupId: 'a' });
  await orders.send('free', { MessageGroupId: 'b' });
  const dead = await newQueue(before.sqs, {}, 'dead');
  const work = await newQueue(before.sqs, redrive(dead, 1), 'work');
  for (const body of ['1', '2']) await dead.send(body);
  const task = { SourceArn: dead.arn, DestinationArn: work.arn, MaxNumberOfMessagesPerSecond: 1 };
  await before.sqs.send(new StartMessageMoveTaskCommand(task));
  await before.close();

  const after = await start();
  expect((await after.sqs.send(new GetQueueUrlCommand({ QueueName: orders.name }))).QueueUrl).toContain(after.endpoint);
  const again = await newQueue(after.sqs, { FifoQueue: 'true', ContentBasedDeduplication: 'true' }, 'orders');
  expect(bodies(await again.receive())).toEqual(['free']);
  await again.delete(taken);
  await again.send('free', { MessageGroupId: 'b' });
  expect(bodies(await again.receive())).toEqual(['behind it']);
  await after.clock.advance(3000);
  const moved = await newQueue(after.sqs, redrive(dead, 1), 'work');
  await eventually(async () => expect(await moved.counts()).toMatchObject({ visible: 2 }));
  await after.close();
});
