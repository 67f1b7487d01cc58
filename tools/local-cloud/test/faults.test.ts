import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CutMoment, Fault } from '../src/faults/fault.ts';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let ssm: SSMClient;

async function control(method: string, path: string, body?: unknown, headers = { 'x-stackyard': 'control' }) {
  const response = await fetch(`${cloud.endpoint}/_stackyard/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const start = (fault: Fault) => control('POST', 'faults', fault);
const read = () => ssm.send(new GetParameterCommand({ Name: '/a' }));

beforeAll(async () => {
  cloud = await startTestCloud();
  ssm = cloud.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name: '/a', Type: 'String', Value: '1' }));
});

afterEach(() => control('DELETE', 'faults'));
afterAll(() => cloud.close());

test('a failure is answered in the service’s words, as often as asked for', async () => {
  await start({
    service: 'ssm',
    times: 1,
    effect: { kind: 'fail', code: 'InternalServerError', message: 'on purpose' },
  });
  await expect(read()).rejects.toMatchObject({ name: 'InternalServerError', message: 'on purpose' });
  expect((await read()).Parameter?.Value).toBe('1');
});

test('another operation and another resource are left alone', async () => {
  await start({ service: 'ssm', operation: 'PutParameter', effect: { kind: 'throttle' } });
  await start({ service: 'ssm', resource: '/b', effect: { kind: 'throttle' } });
  expect((await read()).Parameter?.Value).toBe('1');
});

test('a cut before the work leaves it undone, one after leaves it done; the client sees neither', async () => {
  const put = (Value: string) =>
    ssm.send(new PutParameterCommand({ Name: '/a', Type: 'String', Value, Overwrite: true }));
  await start({ service: 'ssm', operation: 'PutParameter', times: 1, effect: { kind: 'cut', when: 'before' } });
  await expect(put('2')).rejects.toThrow();
  expect((await read()).Parameter?.Value).toBe('1');
  await start({ service: 'ssm', operation: 'PutParameter', times: 1, effect: { kind: 'cut', when: 'after' } });
  await expect(put('1')).rejects.toThrow();
  expect((await read()).Parameter?.Version).toBe(2);
});

test('every second entry of a PutRecords fails, the others are in the stream', async () => {
  const kinesis = cloud.client(KinesisClient);
  await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  await control('POST', 'clock', { advanceMs: 60_000 });
  await start({ service: 'kinesis', operation: 'PutRecords', effect: { kind: 'partial', every: 2 } });
  const Records = Array.from({ length: 5 }, (_, i) => ({ Data: Buffer.from(`${i}`), PartitionKey: 'k' }));
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 's', Records }));
  expect(answer.FailedRecordCount).toBe(2);
  expect(answer.Records?.map(({ ErrorCode }) => ErrorCode !== undefined)).toEqual([false, true, false, true, false]);
});

test('every second entry of a batch of messages fails, the others are in the queue', async () => {
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  const effect = { kind: 'partial', every: 2, code: 'InternalError' } as const;
  await start({ service: 'sqs', operation: 'SendMessageBatch', resource: 'q', effect });
  const Entries = ['a', 'b', 'c'].map((MessageBody) => ({ Id: MessageBody, MessageBody }));
  const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(Failed).toMatchObject([{ Id: 'b', SenderFault: false, Code: 'InternalError' }]);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['a', 'c']);
});

test('every second write of a batch to a table comes back as unprocessed, the others are in the table', async () => {
  const dynamodb = cloud.client(DynamoDBClient);
  const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' as const }];
  const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];
  const definition = { AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' as const };
  for (const TableName of ['orders', 'others'])
    await dynamodb.send(new CreateTableCommand({ TableName, ...definition }));
  await control('POST', 'clock', { advanceMs: 1000 });
  await start({
    service: 'dynamodb',
    operation: 'BatchWriteItem',
    resource: 'orders',
    effect: { kind: 'partial', every: 2 },
  });
  const puts = ['a', 'b', 'c', 'd'].map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
  const write = (TableName: string) =>
    dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
  expect((await write('orders')).UnprocessedItems).toEqual({ orders: [puts[1], puts[3]] });
  expect((await write('others')).UnprocessedItems).toEqual({});
  const { Items } = await dynamodb.send(new ScanCommand({ TableName: 'orders' }));
  expect(Items?.map(({ id }) => id?.S).sort()).toEqual(['a', 'c']);
});

test('a fault of a table hits transactions that name it', async () => {
  await start({ service: 'dynamodb', resource: 'ledger', effect: { kind: 'throttle' } });
  const Put = { TableName: 'ledger', Item: { id: { S: 'a' } } };
  const transact = cloud.client(DynamoDBClient).send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  await expect(transact).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
});

test('the clock moves, for everybody', async () => {
  const before = (await control('GET', 'health')).body['now'] as number;
  await control('POST', 'clock', { advanceMs: 86_400_000 });
  expect((await control('GET', 'health')).body['now'] as number).toBeGreaterThanOrEqual(before + 86_400_000);
});

test('without the header that no web page can send, nothing is controlled', async () => {
  const refused = await control('POST', 'clock', { advanceMs: 1 }, {} as never);
  expect(refused.status).toBe(403);
});

test('a fault may last a time of the cloud’s clock, and tells how many calls it hit', async () => {
  const { body } = await start({ service: 'ssm', forMs: 30_000, effect: { kind: 'throttle' } });
  await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await control('POST', 'clock', { advanceMs: 30_000 });
  expect((await read()).Parameter?.Value).toBe('1');
  expect((await control('GET', `faults/${body['id']}`)).body).toEqual({ hits: 1 });
});

test('a resource is one by its whole name, whether a call gives name or ARN', async () => {
  const kinesis = cloud.client(KinesisClient);
  for (const StreamName of ['orders', 'more-orders']) {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  }
  await start({ service: 'kinesis', operation: 'PutRecords', resource: 'orders', effect: { kind: 'throttle' } });
  const Records = [{ Data: Buffer.from('1'), PartitionKey: 'k' }];
  await control('POST', 'clock', { advanceMs: 60_000 });
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  await expect(kinesis.send(new PutRecordsCommand({ StreamARN, Records }))).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  });
  const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: 'more-orders', Records }));
  expect(FailedRecordCount).toBe(0);
});

describe('a cut connection', () => {
  const name = '/cut';
  /** A body larger than what a socket takes in one go; PutParameter refuses it, if it gets that far. */
  const put = (bytes = 10) =>
    cloud
      .client(SSMClient)
      .send(new PutParameterCommand({ Name: name, Type: 'String', Value: 'x'.repeat(bytes), Overwrite: true }));
  const version = async () => (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Version;
  const cut = (when: CutMoment) =>
    start({ service: 'ssm', operation: 'PutParameter', times: 1, effect: { kind: 'cut', when } });

  beforeAll(() => put());

  test.each([
    ['connect', 10],
    ['connect', 20 * 1024 * 1024],
    ['request', 20 * 1024 * 1024],
    ['before', 10],
  ] as const)('at the moment %s (%i bytes) leaves the work undone, and is a reset', async (when, bytes) => {
    const before = await version();
    await cut(when);
    await expect(put(bytes)).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
    expect(await version()).toBe(before);
  });

  test.each(['after', 'response'] as const)('at the moment %s leaves the work done', async (when) => {
    const before = (await version()) as number;
    await cut(when);
    await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await version()).toBe(before + 1);
  });
});

test('a clock that was set makes clients’ signatures untimely, and SDK clients follow it', async () => {
  await control('POST', 'clock', { jumpMs: 3_600_000 });
  const hasty = cloud.client(SSMClient);
  await expect(hasty.send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
  const patient = cloud.client(SSMClient, { maxAttempts: 2 });
  expect((await patient.send(new GetParameterCommand({ Name: '/a' }))).Parameter?.Value).toBe('1');
  await control('POST', 'clock', { jumpMs: -3_600_000 });
});

test('the clock is set back without anything falling due, and forward again', async () => {
  const now = async () => (await control('GET', 'health')).body['now'] as number;
  const before = await now();
  await control('POST', 'clock', { jumpMs: -3_600_000 });
  expect(await now()).toBeLessThan(before - 3_500_000);
  await control('POST', 'clock', { jumpMs: 3_600_000 });
  expect(await now()).toBeGreaterThanOrEqual(before);
});

describe('what makes no sense is refused, and says why', () => {
  test.each<[unknown, RegExp]>([
    [{ effect: { kind: 'throttle' } }, /service is undefined; use one of .*kinesis/],
    [{ service: 'nowhere', effect: { kind: 'throttle' } }, /service is "nowhere"/],
    [{ service: 'ssm', effect: { kind: 'explode' } }, /effect.kind is "explode"; use one of delay, fail, throttle/],
    [
      { service: 'ssm', operation: 'PutRecord', effect: { kind: 'throttle' } },
      /ssm has no operation PutRecord; it has/,
    ],
    [{ service: 'ssm', times: 0, effect: { kind: 'throttle' } }, /times is 0; use a whole number from 1/],
    [{ service: 'ssm', stream: 'x', effect: { kind: 'throttle' } }, /there is no stream; use service, operation/],
    [{ service: 'ssm', effect: { kind: 'delay', ms: '5' } }, /effect delay: ms is "5"/],
    [{ service: 'ssm', effect: { kind: 'fail', status: 700 } }, /code is undefined.*status is 700; .* 400 to 599/],
    [{ service: 'ssm', effect: { kind: 'partial', every: 2 } }, /partial is for the operations .*PutRecords/],
    [{ service: 'ssm', resource: '/a', effect: { kind: 'cut', when: 'connect' } }, /has no resource/],
    [
      { service: 'iam', operation: 'CreateRole', effect: { kind: 'cut', when: 'request' } },
      /operation of a iam request is in its body/,
    ],
    [[], /a fault is an object/],
  ])('%j', async (fault, message) => {
    const { status, body } = await start(fault as Fault);
    expect(status).toBe(400);
    expect(body['message']).toMatch(message);
    expect((await read()).Parameter?.Value).toBe('1');
  });

  test.each([{ advanceMs: -1 }, { advanceMs: 'a day' }, { jumpMs: 1e300 }, {}])('of the clock: %j', async (request) => {
    expect(await control('POST', 'clock', request)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('{advanceMs} or {passMs} from 0 or {jumpMs}') },
    });
  });

  test('a path that leads nowhere', async () => {
    const { status, body } = await control('POST', 'constructor', {});
    expect([status, body['message']]).toEqual([404, expect.stringContaining('health, faults, clock, environments')]);
  });
});

test('an SDK client cannot reach the control path: it is no operation of any service', async () => {
  const signed = cloud.client(SSMClient, { endpoint: `${cloud.endpoint}/_stackyard/clock` });
  await expect(signed.send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});
