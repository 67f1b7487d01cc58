import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arn, document, type EventsCloud, startEventsCloud } from './events-support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EventsCloud;
let sqs: SQSClient;
beforeEach(async () => {
  cloud = await startEventsCloud();
  sqs = cloud.client(SQSClient);
});
afterEach(() => cloud.close());

/** A queue that rules may send to, unless it is closed to them. */
async function queue(QueueName: string, Attributes: Record<string, string> = {}, Service = 'events.amazonaws.com') {
  const Resource = arn('sqs', QueueName);
  const ArnLike = {
    'aws:SourceArn': Service === 'events.amazonaws.com' ? arn('events', 'rule/orders/*') : arn('sns', '*'),
  };
  const Policy = document({
    Effect: 'Allow',
    Principal: { Service },
    Action: 'sqs:SendMessage',
    Resource,
    Condition: { ArnLike },
  });
  await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy, ...Attributes } }));
  return Resource;
}

async function received(QueueName: string, count: number): Promise<Message[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const all: Message[] = [];
  return eventually(async () => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ ...input, MessageSystemAttributeNames: ['All'] }),
    );
    all.push(...Messages);
    if (all.length !== count) throw new Error(`${all.length} messages in ${QueueName} instead of ${count}`);
    return all;
  });
}

test('a queue gets every matching event once', async () => {
  const Arn = await queue('orders');
  await cloud.rule('queue', [{ Id: 'q', Arn, InputPath: '$.detail' }]);
  for (let i = 0; i < 3; i += 1)
    await cloud.put(...Array.from({ length: 10 }, (_, n) => ({ Detail: `{"n":${10 * i + n}}` })));
  const bodies = (await received('orders', 30)).map(({ Body = '' }) => JSON.parse(Body).n as number);
  expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test('a FIFO queue gets it in the group of its parameters', async () => {
  const Arn = await queue('orders.fifo', { FifoQueue: 'true' });
  await cloud.rule('fifo', [{ Id: 'q', Arn, SqsParameters: { MessageGroupId: 'shop' } }]);
  await cloud.put({});
  const [message] = await received('orders.fifo', 1);
  expect(message?.Attributes).toMatchObject({ MessageGroupId: 'shop' });
});

test('a topic passes it on as its message', async () => {
  const sns = cloud.client(SNSClient);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'orders' }));
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TopicArn,
  };
  await sns.send(
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: document(statement) }),
  );
  const Endpoint = await queue('subscriber', {}, 'sns.amazonaws.com');
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
  );
  await cloud.rule('topic', [{ Id: 't', Arn: TopicArn, InputPath: '$.detail' }]);
  await cloud.put({ Detail: '{"n":1}' });
  expect((await received('subscriber', 1))[0]?.Body).toBe('{"n":1}');
});

describe('the dead-letter queue of a target', () => {
  const text = (message: Message | undefined) =>
    Object.fromEntries(
      Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    );

  test('gets the event itself at once when the target is not there', async () => {
    const dead = await queue('dead');
    const Arn = arn('kinesis', 'stream/nowhere');
    const statement = { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: Arn };
    const RoleArn = await cloud.role('Writer', 'events.amazonaws.com', statement);
    const target = { Id: 'k', Arn, RoleArn, Input: '1', DeadLetterConfig: { Arn: dead } };
    const RuleArn = await cloud.rule('lost', [target]);
    const { Entries } = await cloud.put({ Detail: '{"n":1}' });
    const [message] = await received('dead', 1);
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id: Entries?.[0]?.EventId, detail: { n: 1 } });
    expect(text(message)).toEqual({
      RULE_ARN: RuleArn,
      TARGET_ARN: Arn,
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: 'Stream nowhere under account 000000000000 not found.',
      RETRY_ATTEMPTS: '0',
    });
    expect(await cloud.metric('InvocationsSentToDlq', 'lost')).toBe(1);
  });

  test('gets it at once when the target is closed to the rule', async () => {
    const dead = await queue('dead');
    const Arn = await queue('closed', {});
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: `${cloud.endpoint}/000000000000/closed`, Attributes: { Policy: '' } }),
    );
    await cloud.rule('denied', [{ Id: 'q', Arn, DeadLetterConfig: { Arn: dead } }]);
    await cloud.put({});
    expect(text((await received('dead', 1))[0])).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS' });
  });

  test('gets it after the last retry when the target goes on failing', async () => {
    const dead = await queue('dead');
    const Arn = await cloud.logGroup('failing');
    const headers = { 'x-stackyard': 'control', 'content-type': 'application/json' };
    const effect = { kind: 'fail', code: 'ServiceUnavailableException', status: 503 };
    const body = JSON.stringify({ service: 'logs', operation: 'PutLogEvents', effect });
    await fetch(`${cloud.endpoint}/_stackyard/faults`, { method: 'POST', headers, body });
    const RetryPolicy = { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 };
    await cloud.rule('failing', [{ Id: 'l', Arn, RetryPolicy, DeadLetterConfig: { Arn: dead } }]);
    await cloud.put({});
    await eventually(async () => {
      await cloud.cloud.clock.advance(2_000);
      expect(await cloud.metric('InvocationsSentToDlq', 'failing')).toBe(1);
    });
    expect(text((await received('dead', 1))[0])).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '3',
    });
  });
});
