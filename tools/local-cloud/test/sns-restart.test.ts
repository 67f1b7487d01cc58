import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';
import { startReceiver } from './sns-support.ts';

let dataDir: string;
let inbox: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sns-'));
  inbox = await startReceiver();
});
afterEach(async () => {
  await inbox.close();
  await rm(dataDir, { recursive: true });
});

async function start() {
  const lines: string[] = [];
  const running = await startCloud({ port: 0, dataDir, log: (line) => lines.push(line) });
  const settings = { endpoint: running.endpoint, region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  return { ...running, lines, sns: new SNSClient(settings) };
}

test('a message whose delivery was waiting for its next try when the cloud closed is delivered after the start', async () => {
  const before = await start();
  const { TopicArn } = await before.sns.send(new CreateTopicCommand({ Name: 'orders' }));
  const subscription = { TopicArn, Protocol: 'http', Endpoint: inbox.url, Attributes: { RawMessageDelivery: 'true' } };
  await before.sns.send(new SubscribeCommand(subscription));
  const { Token } = JSON.parse((await inbox.request(1)).body);
  await before.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  inbox.answers.push(503);
  await before.sns.send(new PublishCommand({ TopicArn, Message: 'paid' }));
  await inbox.request(2);
  await before.close();
  expect(before.lines).toContain('sns: 1 deliveries were not finished when the cloud closed');

  const after = await start();
  await eventually(async () => {
    await after.cloud.clock.advance(20_000);
    expect(inbox.received.slice(2).map(({ body }) => body)).toEqual(['paid']);
  });
  await after.close();
  expect(after.lines.join()).not.toContain('not finished');
});
