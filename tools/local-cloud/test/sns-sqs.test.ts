import {
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../src/faults/fault.ts';
import { startTestCloud } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';
import { topicOnQueue } from './sns-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const fault = (body: Fault) =>
  fetch(`${cloud.endpoint}/_stackyard/faults`, {
    method: 'POST',
    headers: { 'x-stackyard': 'control' },
    body: JSON.stringify(body),
  });

/** Waits until so many messages came. */
async function receive(sqs: SQSClient, QueueUrl: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  await eventually(async () => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ ...input, MessageSystemAttributeNames: ['All'] }),
    );
    messages.push(...Messages);
    expect(messages).toHaveLength(count);
  });
  return messages;
}

async function deadLetterQueue(sqs: SQSClient, sns: SNSClient, subscriptionArn: string | undefined, topicArn: string) {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead', Attributes: { Policy } }));
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: subscriptionArn,
      AttributeName: 'RedrivePolicy',
      AttributeValue: JSON.stringify({ deadLetterTargetArn: arn }),
    }),
  );
  return QueueUrl;
}

const MessageAttributes = {
  kind: { DataType: 'String', StringValue: 'order' },
  mark: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) },
};

describe('a queue subscribed to a topic', () => {
  test('gets the message in an envelope, attributes and all', async () => {
    const { sns, sqs, topicArn, queueUrl, subscriptionArn } = await topicOnQueue(cloud, {
      RawMessageDelivery: 'false',
    });
    const published = await sns.send(
      new PublishCommand({ TopicArn: topicArn, Subject: 'hi', Message: 'paid "7"', MessageAttributes }),
    );
    const [message] = await receive(sqs, queueUrl, 1);
    expect(message?.MessageAttributes).toBeUndefined();
    const envelope = JSON.parse(message?.Body ?? '');
    expect(envelope).toEqual({
      Type: 'Notification',
      MessageId: published.MessageId,
      TopicArn: topicArn,
      Subject: 'hi',
      Message: 'paid "7"',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringMatching(/\/SimpleNotificationService-[0-9a-f]{32}\.pem$/),
      UnsubscribeURL: expect.stringContaining(encodeURIComponent(subscriptionArn ?? '')),
      MessageAttributes: { kind: { Type: 'String', Value: 'order' }, mark: { Type: 'Binary', Value: 'AgME' } },
    });
    // AWS writes a member a line; some consumers have come to rely on it.
    expect(message?.Body).toMatch(/^\{\n {2}"Type" : "Notification",\n {2}"MessageId" : "/);
  });

  test('with raw delivery gets text and attributes as they were published', async () => {
    const { sns, sqs, topicArn, queueUrl } = await topicOnQueue(cloud);
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'paid', MessageAttributes }));
    const [message] = await receive(sqs, queueUrl, 1);
    expect(message?.Body).toBe('paid');
    expect(message?.MessageAttributes).toMatchObject(MessageAttributes);
  });

  test('that is gone makes the message a dead letter at once, as the queue would have got it', async () => {
    const { sns, sqs, topicArn, queueUrl, subscriptionArn } = await topicOnQueue(cloud);
    const deadUrl = await deadLetterQueue(sqs, sns, subscriptionArn, topicArn);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'nobody', MessageAttributes }));
    const [letter] = await receive(sqs, deadUrl, 1);
    expect(letter?.Body).toBe('nobody');
    expect(letter?.MessageAttributes).toMatchObject(MessageAttributes);
  });

  test('that fails for an hour gets the message afterwards, once', async () => {
    const { sns, sqs, topicArn, queueUrl, subscriptionArn } = await topicOnQueue(cloud);
    const deadUrl = await deadLetterQueue(sqs, sns, subscriptionArn, topicArn);
    const effect = { kind: 'fail', code: 'ServiceUnavailable', status: 503 } as const;
    await fault({ service: 'sqs', operation: 'SendMessage', resource: 'heard', forMs: 3_600_000, effect });
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'wait for me' }));
    const message = await eventually(async () => {
      await cloud.cloud.clock.advance(120_000);
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
      expect(Messages).toHaveLength(1);
      return Messages[0];
    });
    expect(message?.Body).toBe('wait for me');
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadUrl }))).Messages).toBeUndefined();
  });
});

describe('a FIFO topic', () => {
  test('keeps each group in order, and delivers what came twice within five minutes once', async () => {
    const { sns, sqs, topicArn, queueUrl } = await topicOnQueue(cloud, { fifo: true });
    const entry = (n: number, group: string) => ({
      Id: `m${n}`,
      Message: `${group}${n}`,
      MessageGroupId: group,
      MessageDeduplicationId: `${group}${n}`,
    });
    const publish = (...PublishBatchRequestEntries: ReturnType<typeof entry>[]) =>
      sns.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }));
    const first = await publish(entry(1, 'a'), entry(2, 'b'), entry(3, 'a'), entry(4, 'b'));
    const again = await publish(entry(1, 'a'), entry(5, 'a'));
    expect(again.Successful?.[0]?.SequenceNumber).toBe(first.Successful?.[0]?.SequenceNumber);
    const messages = await receive(sqs, queueUrl, 5);
    const of = (group: string) =>
      messages.filter(({ Attributes }) => Attributes?.MessageGroupId === group).map(({ Body }) => Body);
    expect(of('a')).toEqual(['a1', 'a3', 'a5']);
    expect(of('b')).toEqual(['b2', 'b4']);
    expect(messages[0]?.Attributes?.MessageDeduplicationId).toMatch(/^[ab][12]$/);
    await cloud.cloud.clock.advance(5 * 60_000);
    const later = await publish(entry(1, 'a'));
    expect(later.Successful?.[0]?.SequenceNumber).not.toBe(first.Successful?.[0]?.SequenceNumber);
  });
});
