import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  DescribeConnectionCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { arn, document, type EventsCloud, startEventsCloud } from './events-support.ts';
import { eventually, moving } from './fixtures/lambda/support.ts';

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** By the cloud's clock, in milliseconds since the epoch. */
  readonly time: number;
}

/** The partner: takes down what it is sent; a token is to be had at `/token`. */
let partner: Server;
let origin: string;
let requests: Request[];
/** What the partner answers next, one after the other; 200 when there is none. */
let answers: (readonly [status: number, headers?: Record<string, string>])[];
let tokens: number;
beforeAll(async () => {
  partner = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const body = await text(request);
    if (url?.startsWith('/token')) {
      tokens += 1;
      response.end(JSON.stringify({ access_token: `${new URLSearchParams(body).get('client_id')}-${tokens}` }));
      return;
    }
    requests.push({ method, url, headers, body, time: cloud.cloud.clock.now() });
    const [status = 200, more = {}] = answers.shift() ?? [];
    response.writeHead(status, more).end();
  });
  await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
});
afterAll(() => {
  partner.closeAllConnections();
  partner.close();
});

let cloud: EventsCloud;
let RoleArn: string;
beforeEach(async () => {
  [requests, answers, tokens] = [[], [], 0];
  cloud = await startEventsCloud();
  const invoke = {
    Effect: 'Allow',
    Action: 'events:InvokeApiDestination',
    Resource: arn('events', 'api-destination/*'),
  };
  RoleArn = await cloud.role('caller', 'events.amazonaws.com', invoke);
});
afterEach(() => cloud.close());

const apiKey = { ApiKeyAuthParameters: { ApiKeyName: 'x-api-key', ApiKeyValue: 'secret' } };

/** A rule with an API destination as its target. */
async function destined(
  AuthParameters: CreateConnectionCommandInput['AuthParameters'] = apiKey,
  { path = '/orders', target = {}, rate = 300 }: { path?: string; target?: Partial<Target>; rate?: number } = {},
) {
  const type = AuthParameters?.OAuthParameters
    ? 'OAUTH_CLIENT_CREDENTIALS'
    : AuthParameters?.BasicAuthParameters
      ? 'BASIC'
      : 'API_KEY';
  const connection = { Name: 'partner', AuthorizationType: type, AuthParameters } as const;
  const { ConnectionArn } = await cloud.events.send(new CreateConnectionCommand(connection));
  const { ApiDestinationArn: Arn } = await cloud.events.send(
    new CreateApiDestinationCommand({
      Name: 'orders',
      ConnectionArn,
      InvocationEndpoint: `${origin}${path}`,
      HttpMethod: 'POST',
      InvocationRateLimitPerSecond: rate,
    }),
  );
  await cloud.rule('told', [{ Id: 'partner', Arn, RoleArn, ...target }]);
}

const told = (count: number) =>
  eventually(() => {
    expect(requests).toHaveLength(count);
    return requests;
  });

test('an event is posted as JSON with the headers EventBridge documents and the key of the connection', async () => {
  await destined();
  await cloud.put({ Detail: '{"order": 7}' });
  const [request] = await told(1);
  expect(request).toMatchObject({ method: 'POST', url: '/orders' });
  expect(request?.headers).toMatchObject({
    'user-agent': 'Amazon/EventBridge/ApiDestinations',
    'content-type': 'application/json; charset=utf-8',
    'x-api-key': 'secret',
  });
  expect(JSON.parse(request?.body ?? '')).toMatchObject({ source: 'shop', detail: { order: 7 } });
});

test('path, query and headers come from the event, the connection adds its own and its word counts', async () => {
  const InvocationHttpParameters = {
    HeaderParameters: [{ Key: 'x-shop', Value: 'connection' }],
    QueryStringParameters: [{ Key: 'version', Value: '2' }],
    BodyParameters: [{ Key: 'tenant', Value: 'a' }],
  };
  const basic = { BasicAuthParameters: { Username: 'shop', Password: 'p' }, InvocationHttpParameters };
  const HttpParameters = {
    PathParameterValues: ['$.detail.customer'],
    QueryStringParameters: { order: '$.detail.order' },
    HeaderParameters: { 'x-shop': 'target', 'x-source': '$.source' },
  };
  await destined(basic, { path: '/customers/*/orders', target: { HttpParameters, InputPath: '$.detail' } });
  await cloud.put({ Detail: '{"order": 7, "customer": "a/b"}' });
  const [request] = await told(1);
  expect(request?.url).toBe('/customers/a%2Fb/orders?order=7&version=2');
  const authorization = `Basic ${Buffer.from('shop:p').toString('base64')}`;
  expect(request?.headers).toMatchObject({ authorization, 'x-shop': 'connection', 'x-source': 'shop' });
  expect(JSON.parse(request?.body ?? '')).toEqual({ order: 7, customer: 'a/b', tenant: 'a' });
});

test('with OAuth one token serves many events, and another is asked for when it is refused', async () => {
  const OAuthParameters = {
    AuthorizationEndpoint: `${origin}/token`,
    HttpMethod: 'POST' as const,
    ClientParameters: { ClientID: 'shop', ClientSecret: 'secret' },
  };
  await destined({ OAuthParameters });
  await eventually(async () => {
    const { ConnectionState } = await cloud.events.send(new DescribeConnectionCommand({ Name: 'partner' }));
    expect(ConnectionState).toBe('AUTHORIZED');
  });
  await cloud.put({});
  await told(1);
  answers = [[401]];
  await cloud.put({});
  await moving(cloud.cloud, () => expect(requests).toHaveLength(3));
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer shop-1',
    'Bearer shop-1',
    'Bearer shop-2',
  ]);
});

test('an endpoint that is asked to be left alone is, and has the event again afterwards', async () => {
  await destined();
  answers = [[503, { 'retry-after': '3600' }]];
  await cloud.put({});
  await told(1);
  await cloud.cloud.clock.advance(1_800_000);
  expect(requests).toHaveLength(1);
  await moving(cloud.cloud, () => expect(requests).toHaveLength(2), 600_000);
});

test('what the endpoint refuses for good ends in the dead-letter queue, at once', async () => {
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const Principal = { Service: 'events.amazonaws.com' };
  const Policy = document({ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: arn('sqs', 'dead') });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await destined(apiKey, { target: { DeadLetterConfig: { Arn: arn('sqs', 'dead') } } });
  answers = [[400]];
  await cloud.put({});
  const message = await eventually(async () => {
    const received = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] });
    const { Messages } = await sqs.send(received);
    expect(Messages).toHaveLength(1);
    return Messages?.[0];
  });
  expect(message?.MessageAttributes?.['ERROR_MESSAGE']?.StringValue).toContain('answered 400');
  expect(requests).toHaveLength(1);
});

test('the rate limit spaces invocations', async () => {
  await destined(apiKey, { rate: 1 });
  await cloud.put({}, {}, {});
  await told(1);
  await moving(cloud.cloud, () => expect(requests).toHaveLength(3), 500);
  // Two seconds, were there no way from the cloud to the partner.
  expect((requests[2]?.time ?? 0) - (requests[0]?.time ?? 0)).toBeGreaterThan(1000);
});
