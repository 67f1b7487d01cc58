import { createVerify, X509Certificate } from 'node:crypto';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';
import { startReceiver, subscribedTopic } from './sns-support.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let inbox: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  cloud = await startTestCloud();
  inbox = await startReceiver();
});
afterEach(async () => {
  await cloud.close();
  await inbox.close();
});

async function sum(MetricName: string): Promise<number | undefined> {
  const now = cloud.cloud.clock.now();
  const { Datapoints } = await cloud.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SNS',
      MetricName,
      Dimensions: [{ Name: 'TopicName', Value: 'orders' }],
      StartTime: new Date(now - 40_000_000),
      EndTime: new Date(now + 3_600_000),
      Period: 86_400,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints?.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

describe('an HTTP subscription', () => {
  test('is confirmed by the link its endpoint gets, and ended by the link in a message', async () => {
    const sns = cloud.client(SNSClient);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders' }));
    const subscribed = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: inbox.url }));
    expect(subscribed.SubscriptionArn).toBe('pending confirmation');
    await sns.send(new PublishCommand({ TopicArn, Message: 'too early' }));

    const { headers, body } = await inbox.request(1);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': TopicArn,
    });
    const confirmation = JSON.parse(body);
    expect(confirmation).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn });
    const answer = await (await fetch(confirmation.SubscribeURL)).text();
    expect(answer).toContain(`<SubscriptionArn>${TopicArn}:`);

    await sns.send(new PublishCommand({ TopicArn, Message: 'hello', Subject: 'greeting' }));
    const message = await inbox.request(2);
    expect(message.headers['x-amz-sns-subscription-arn']).toMatch(`${TopicArn}:`);
    const notification = JSON.parse(message.body);
    expect(notification).toMatchObject({ Type: 'Notification', Message: 'hello', Subject: 'greeting' });

    expect((await fetch(notification.UnsubscribeURL)).status).toBe(200);
    const goodbye = JSON.parse((await inbox.request(3)).body);
    expect(goodbye.Type).toBe('UnsubscribeConfirmation');
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);

    // Who has been unsubscribed by a stranger can take it back.
    await fetch(goodbye.SubscribeURL);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toHaveLength(1);
  });

  test.each(['1', '2'])('gets messages signed by the certificate they name, signature version %s', async (version) => {
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox);
    const AttributeValue = version;
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SignatureVersion', AttributeValue }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'paid', Subject: 'order 7' }));
    const message = JSON.parse((await inbox.request(2)).body);
    expect(message.SignatureVersion).toBe(version);
    const pem = await (await fetch(message.SigningCertURL)).text();
    const signed = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
    const text = signed.map((name) => `${name}\n${message[name]}\n`).join('');
    const verifier = createVerify(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(text);
    expect(verifier.verify(new X509Certificate(pem).publicKey, message.Signature, 'base64')).toBe(true);
  });

  test('with raw delivery gets the message alone', async () => {
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox, { RawMessageDelivery: 'true' });
    await sns.send(new PublishCommand({ TopicArn, Message: '{"order":7}' }));
    const { headers, body } = await inbox.request(2);
    expect(headers['x-amz-sns-rawdelivery']).toBe('true');
    expect(body).toBe('{"order":7}');
  });

  test('gets the text meant for its protocol', async () => {
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox, { RawMessageDelivery: 'true' });
    const Message = JSON.stringify({ default: 'for all', http: 'for http', sqs: 'for queues' });
    await sns.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message }));
    expect((await inbox.request(2)).body).toBe('for http');
  });

  test('is tried three more times, 20 seconds apart, while its endpoint fails', async () => {
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox);
    inbox.answers.push(500, 503, 429, 500);
    await sns.send(new PublishCommand({ TopicArn, Message: 'again' }));
    for (const n of [2, 3, 4, 5]) {
      await inbox.request(n);
      // The retry is armed once the answer has come back.
      await eventually(async () => {
        await cloud.cloud.clock.advance(n === 5 ? 0 : 20_000);
        expect(n === 5 ? await sum('NumberOfNotificationsFailed') : inbox.received.length).toBeGreaterThanOrEqual(
          n === 5 ? 1 : n + 1,
        );
      });
    }
    await cloud.cloud.clock.advance(3_600_000);
    expect(inbox.received).toHaveLength(5);
  });

  test('that has ended is not tried again', async () => {
    const { sns, TopicArn, SubscriptionArn } = await subscribedTopic(cloud, inbox);
    inbox.answers.push(503);
    await sns.send(new PublishCommand({ TopicArn, Message: 'too late' }));
    await inbox.request(2);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await cloud.cloud.clock.advance(3_600_000);
    expect(inbox.received).toHaveLength(2);
    expect(await sum('NumberOfNotificationsFailed')).toBe(0);
  });

  test('is not tried again after a client error', async () => {
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox);
    inbox.answers.push(404);
    await sns.send(new PublishCommand({ TopicArn, Message: 'nobody here' }));
    await eventually(async () => expect(await sum('NumberOfNotificationsFailed')).toBe(1));
    await cloud.cloud.clock.advance(3_600_000);
    expect(inbox.received).toHaveLength(2);
    expect(cloud.lines.join('\n')).toContain('answered 404');
  });

  test('follows its delivery policy', async () => {
    const DeliveryPolicy = JSON.stringify({
      healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 5, numRetries: 1, numNoDelayRetries: 1 },
      requestPolicy: { headerContentType: 'application/json' },
    });
    const { sns, TopicArn } = await subscribedTopic(cloud, inbox, { DeliveryPolicy });
    inbox.answers.push(500, 500);
    await sns.send(new PublishCommand({ TopicArn, Message: 'quick' }));
    expect((await inbox.request(2)).headers['content-type']).toBe('application/json');
    await inbox.request(3);
    await eventually(async () => expect(await sum('NumberOfNotificationsFailed')).toBe(1));
    expect(await sum('NumberOfMessagesPublished')).toBe(1);
  });

  test('elsewhere than on loopback stays pending, and the log says why', async () => {
    const sns = cloud.client(SNSClient);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders' }));
    const Endpoint = 'https://example.com/hook';
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint, ReturnSubscriptionArn: true }),
    );
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(Attributes?.['PendingConfirmation']).toBe('true');
    expect(cloud.lines.join('\n')).toContain('only loopback addresses, not https://example.com/hook');
  });
});

describe('a filter policy', () => {
  test('decides what is delivered, and the metrics tell what was left out', async () => {
    const FilterPolicy = JSON.stringify({ kind: ['order'], total: [{ numeric: ['>=', 100] }] });
    const { sns, TopicArn, SubscriptionArn } = await subscribedTopic(cloud, inbox, {
      FilterPolicy,
      RawMessageDelivery: 'true',
    });
    const publish = (Message: string, kind?: string, total = '1') => {
      const MessageAttributes = kind && {
        kind: { DataType: 'String', StringValue: kind },
        total: { DataType: 'Number', StringValue: total },
      };
      return sns.send(new PublishCommand({ TopicArn, Message, ...(MessageAttributes && { MessageAttributes }) }));
    };
    await publish('small', 'order', '99.5');
    await publish('other', 'invoice', '200');
    await publish('bare');
    await publish('large', 'order', '1e2');
    expect((await inbox.request(2)).body).toBe('large');
    expect(await sum('NumberOfNotificationsFilteredOut')).toBe(3);
    expect(await sum('NumberOfNotificationsFilteredOut-NoMessageAttributes')).toBe(1);

    const set = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
    await set('FilterPolicyScope', 'MessageBody');
    await set('FilterPolicy', JSON.stringify({ order: { lines: { sku: ['A1'] } } }));
    await publish('no json');
    await publish(JSON.stringify({ order: { lines: [{ sku: 'B2' }] } }));
    await publish(JSON.stringify({ order: { lines: [{ sku: 'B2' }, { sku: 'A1' }] } }));
    expect(JSON.parse((await inbox.request(3)).body).order.lines).toHaveLength(2);
    expect(inbox.received).toHaveLength(3);
    expect(await sum('NumberOfNotificationsFilteredOut-InvalidMessageBody')).toBe(1);
  });
});

test('a deleted topic takes its subscriptions with it', async () => {
  const { sns, TopicArn } = await subscribedTopic(cloud, inbox);
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
});
