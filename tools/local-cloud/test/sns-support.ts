import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfirmSubscriptionCommand, CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { startTestCloud } from '../src/testing.ts';
import { eventually } from './fixtures/lambda/support.ts';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP endpoint that keeps what it gets and answers with the next of `answers`, then with 200. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(answers.shift() ?? 200).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox`,
    received,
    answers,
    /** Waits for the nth request. */
    async request(n: number): Promise<Received> {
      return eventually(() => {
        const found = received[n - 1];
        if (!found) throw new Error(`only ${received.length} of ${n} requests came`);
        return found;
      });
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

type TestCloud = Awaited<ReturnType<typeof startTestCloud>>;

/** A topic with a confirmed HTTP subscription. */
export async function subscribedTopic(
  cloud: TestCloud,
  endpoint: { url: string; request(n: number): Promise<Received> },
  Attributes: Record<string, string> = {},
) {
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'orders' }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'http',
      Endpoint: endpoint.url,
      Attributes,
      ReturnSubscriptionArn: true,
    }),
  );
  const { Token } = JSON.parse((await endpoint.request(1)).body);
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  return { sns, TopicArn, SubscriptionArn };
}

/** A queue that may be sent to by a topic, and the topic: raw messages unless told otherwise. */
export async function topicOnQueue(
  cloud: { client<Client>(type: new (config: never) => Client): Client },
  { fifo = false, ...Attributes }: { fifo?: boolean; RawMessageDelivery?: string; FilterPolicy?: string } = {},
) {
  const [sns, sqs] = [cloud.client(SNSClient), cloud.client(SQSClient)];
  const end = fifo ? '.fifo' : '';
  const { TopicArn: topicArn = '' } = await sns.send(
    new CreateTopicCommand({ Name: `told${end}`, ...(fifo && { Attributes: { FifoTopic: 'true' } }) }),
  );
  const queueArn = `arn:aws:sqs:us-east-1:000000000000:heard${end}`;
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });
  const { QueueUrl: queueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: `heard${end}`, Attributes: { Policy, ...(fifo && { FifoQueue: 'true' }) } }),
  );
  const { SubscriptionArn: subscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Attributes: { RawMessageDelivery: 'true', ...Attributes },
    }),
  );
  return { sns, sqs, topicArn, queueUrl, queueArn, subscriptionArn };
}
