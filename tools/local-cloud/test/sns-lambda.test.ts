import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
let sns: SNSClient;
beforeAll(async () => {
  cloud = await startLambdaCloud();
  sns = cloud.client(SNSClient);
});
afterAll(() => cloud.close());

/** A function that prints its events, subscribed to a topic. */
async function subscribedFunction(name: string) {
  const source = 'export const record = async (event) => console.log(JSON.stringify(event));';
  await cloud.create(name, 'print', {
    Code: { ZipFile: zipSync({ 'handler.mjs': Buffer.from(source) }) },
    Handler: 'handler.record',
  });
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const Endpoint = functionArn(name);
  const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint }));
  const permit = (SourceArn: string) =>
    cloud.lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: 'topic',
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn,
      }),
    );
  const events = async () => {
    const command = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: '"Records"' });
    const { events: found = [] } = await cloud
      .client(CloudWatchLogsClient)
      .send(command)
      .catch(() => ({ events: [] }));
    return found.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('{'))));
  };
  return { TopicArn, SubscriptionArn, permit, events };
}

describe('a function subscribed to a topic', () => {
  test('gets one record an event, with the attributes of the message', async () => {
    const { TopicArn, SubscriptionArn, permit, events } = await subscribedFunction('orders');
    await permit(TopicArn);
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
    const published = await sns.send(new PublishCommand({ TopicArn, Message: 'paid', MessageAttributes }));
    const [event] = await eventually(async () => {
      const found = await events();
      expect(found).toHaveLength(1);
      return found;
    });
    expect(event.Records).toHaveLength(1);
    expect(event.Records[0]).toMatchObject({
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: SubscriptionArn,
      Sns: {
        Type: 'Notification',
        MessageId: published.MessageId,
        TopicArn,
        Subject: null,
        Message: 'paid',
        SignatureVersion: '1',
        MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
      },
    });
    expect(Object.keys(event.Records[0].Sns)).toContain('SigningCertUrl');
  });

  test('is not invoked for a topic that its policy does not name', async () => {
    const { TopicArn, permit, events } = await subscribedFunction('guarded');
    await permit(`${TopicArn}-other`);
    await sns.send(new PublishCommand({ TopicArn, Message: 'paid' }));
    await eventually(() =>
      expect(cloud.lines.join('\n')).toContain('is not authorized to perform: lambda:InvokeFunction'),
    );
    expect(await events()).toEqual([]);
  });
});
