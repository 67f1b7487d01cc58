import { randomUUID } from 'node:crypto';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { partner } from '@stackyard/egress/proof';
import { eventually, stackOutputs } from '@stackyard/proof-kit';
import { beforeAll, expect, test } from 'vitest';
import { allowed, partnerView, queueTable } from './partner-view.ts';
import { told } from './told.ts';

const sqs = new SQSClient({});
let outputs: Record<string, string> = {};
beforeAll(async () => {
  outputs = await stackOutputs(`${process.env['STACKYARD_STAGE'] ?? 'dev'}-egress-rate-controller`);
});

async function send(bodies: readonly string[]): Promise<void> {
  for (let i = 0; i < bodies.length; i += 10) {
    const Entries = bodies.slice(i, i + 10).map((MessageBody, n) => ({ Id: String(n), MessageBody }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: outputs['QueueUrl'], Entries }));
    expect(Failed).toEqual([]);
  }
}

/** Messages of a queue that are there, seen or unseen. */
async function countIn(QueueUrl: string | undefined): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
  const { Attributes = {} } = await sqs.send(request);
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

test('given more messages than fit, then each becomes one call within the limit, and none is given up', async () => {
  const subjects = Array.from({ length: 60 }, () => `user-${randomUUID()}`);
  const before = await told('Deferred');
  await send(subjects.map((subject) => JSON.stringify({ subject })));
  await eventually(async () => expect(await countIn(outputs['QueueUrl'])).toBe(0), 180_000, 500);
  const view = await partnerView(subjects);
  const deferred = await eventually(async () => {
    const since = (await told('Deferred')) - before;
    expect(since).toBeGreaterThan(0);
    return since;
  });
  process.stdout.write(`${queueTable({ what: `${subjects.length} messages`, deferred, view })}\n`);
  expect(view.subjects).toEqual(subjects.toSorted());
  expect(await partner.repeats(subjects)).toEqual([]);
  expect(view.most).toBeLessThanOrEqual(allowed.count);
  expect(view.refused).toEqual([]);
  expect(await countIn(outputs['DeadLetterQueueUrl'])).toBe(0);
});

test('given a message that the partner will never take, then it is given up alone, with its key', async () => {
  const subject = `user-${randomUUID()}`;
  const poison = `no event ${randomUUID()}`;
  await send([poison, JSON.stringify({ subject })]);
  await eventually(async () => expect((await partnerView([subject])).subjects).toEqual([subject]), 120_000);
  const { Body, MessageAttributes, ReceiptHandle } = await eventually(() => deadLetter(), 120_000);
  expect(Body).toBe(poison);
  expect(MessageAttributes).toMatchObject({
    IdempotencyKey: { StringValue: expect.stringMatching(/^[\w-]+$/) },
    Problem: { StringValue: 'the partner answered 422' },
  });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: outputs['DeadLetterQueueUrl'], ReceiptHandle }));
  await eventually(async () => expect(await countIn(outputs['QueueUrl'])).toBe(0));
});

async function deadLetter(): Promise<Message> {
  const request = { QueueUrl: outputs['DeadLetterQueueUrl'], MessageAttributeNames: ['All'], WaitTimeSeconds: 1 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
  const [message] = Messages;
  if (!message) throw new Error('The dead-letter queue is empty');
  return message;
}
