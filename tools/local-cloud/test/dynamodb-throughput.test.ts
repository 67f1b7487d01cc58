import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let dynamodb: DynamoDBClient;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  dynamodb = cloud.client(DynamoDBClient);
});
afterAll(() => cloud.close());

async function newTable(input: Partial<CreateTableCommandInput>) {
  made += 1;
  const TableName = `table${made}`;
  const keys = {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  };
  await dynamodb.send(new CreateTableCommand({ TableName, ...keys, ...input }));
  await cloud.cloud.clock.advance(1000);
  return TableName;
}

/** An item that takes 100 units to write, of ever another partition so that only the table's throughput counts. */
const d = { S: 'x'.repeat(99 * 1024) };
let items = 0;
const put = (TableName: string) => {
  items += 1;
  return dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: `${items}` }, d } })).then(
    () => 'done',
    ({ name }: Error) => name,
  );
};

/** How often in a row a table takes 100 units. */
async function takes(TableName: string) {
  for (let count = 0; ; count += 1) if ((await put(TableName)) !== 'done') return count;
}

describe('a provisioned table', () => {
  const perSecond = { ReadCapacityUnits: 1, WriteCapacityUnits: 10 };

  test('saves what is not used for 300 seconds and no longer', async () => {
    const TableName = await newTable({ ProvisionedThroughput: perSecond });
    await takes(TableName);
    // 10 units a second over the 5 minutes that are kept: 30 writes of 100, and one into debt while the test runs.
    await cloud.cloud.clock.advance(3_600_000);
    const count = await takes(TableName);
    expect(count).toBeGreaterThanOrEqual(30);
    expect(count).toBeLessThanOrEqual(32);
  });

  test('pays back what a request took too much before the next passes', async () => {
    const TableName = await newTable({ ProvisionedThroughput: perSecond });
    await takes(TableName);
    await cloud.cloud.clock.advance(2000);
    expect(await put(TableName)).toBe('ProvisionedThroughputExceededException');
    await cloud.cloud.clock.advance(20_000);
    expect(await put(TableName)).toBe('done');
  });

  test('tells CloudWatch what was consumed, by whom nothing was left, and how many conditions failed', async () => {
    const TableName = await newTable({ ProvisionedThroughput: perSecond });
    const written = await takes(TableName);
    await cloud.cloud.clock.advance(60_000);
    const taken = { id: { S: `${items - 1}` } };
    const condition = { TableName, Item: taken, ConditionExpression: 'attribute_not_exists(id)' };
    await dynamodb.send(new PutItemCommand(condition)).catch(() => undefined);
    await dynamodb.send(new ScanCommand({ TableName }));
    const sum = async (MetricName: string, more: Record<string, string> = {}) => {
      const Dimensions = Object.entries({ TableName, ...more }).map(([Name, Value]) => ({ Name, Value }));
      const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/DynamoDB',
          MetricName,
          Dimensions,
          StartTime: new Date(cloud.cloud.clock.now() - 3_600_000),
          EndTime: new Date(cloud.cloud.clock.now() + 60_000),
          Period: 3600,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    };
    expect(await sum('ConsumedWriteCapacityUnits')).toBe(written * 100 + 100);
    expect(await sum('ConsumedReadCapacityUnits')).toBe(12.5);
    expect(await sum('WriteThrottleEvents')).toBe(1);
    expect(await sum('ThrottledRequests', { Operation: 'PutItem' })).toBe(1);
    expect(await sum('ConditionalCheckFailedRequests')).toBe(1);
    expect(await sum('ReturnedItemCount', { Operation: 'Scan' })).toBe(1);
  });
});

/** Without the wire between, so that no time to speak of passes. */
const call = (operation: string, input: Record<string, unknown>) => {
  const arn = 'arn:aws:iam::000000000000:root';
  const caller = { account: '000000000000', type: 'root', arn, userId: 'root' } as const;
  return cloud.cloud.call('dynamodb', operation, input, { caller, region: 'us-east-1' });
};

test('one partition gives 1,000 write and 3,000 read units a second, whatever its table has left', async () => {
  const TableName = await newTable({ BillingMode: 'PAY_PER_REQUEST' });
  const big = { S: 'x'.repeat(399 * 1024) };
  const write = (id: string) => call('PutItem', { TableName, Item: { id: { S: id }, big } });
  const read = (id: string) => call('GetItem', { TableName, Key: { id: { S: id } }, ConsistentRead: true });
  /** How often in a row, and how it is refused then. */
  const untilRefused = async (attempt: () => Promise<unknown>) => {
    for (let count = 0; count < 100; count += 1) {
      const error = await attempt().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error) return { count, error };
    }
    return undefined;
  };
  const refused = (reason: string) => ({
    code: 'ThrottlingException',
    members: { throttlingReasons: [{ reason, resource: expect.stringContaining(TableName) }] },
  });
  // 400 units a write, 100 a read; the last one goes into debt.
  expect(await untilRefused(() => write('hot'))).toMatchObject({
    count: 3,
    error: refused('TableWriteKeyRangeThroughputExceeded'),
  });
  await write('cold');
  const reads = await untilRefused(() => read('hot'));
  expect(reads?.error).toMatchObject(refused('TableReadKeyRangeThroughputExceeded'));
  expect(reads?.count).toBeGreaterThanOrEqual(30);
  await read('cold');
  await cloud.cloud.clock.advance(1000);
  await write('hot');
  await read('hot');
});

test('a new table on demand, made for 4,000 units a second, is throttled until a burst of more is paid back', async () => {
  const TableName = await newTable({ BillingMode: 'PAY_PER_REQUEST' });
  // Ten items of 399 KB are 7,980 units in a transaction.
  const big = { S: 'x'.repeat(398 * 1024) };
  const TransactItems = Array.from({ length: 10 }, (_, i) => ({
    Put: { TableName, Item: { id: { S: `${i}` }, big } },
  }));
  const transact = () => call('TransactWriteItems', { TransactItems });
  const refused = async () => {
    for (let count = 0; count < 10; count += 1) {
      const error = await transact().catch((thrown: Error) => thrown);
      if (error instanceof Error) return error.message;
    }
    return 'never';
  };
  expect(await refused()).toContain('[ThrottlingError, ThrottlingError');
  await cloud.cloud.clock.advance(10_000);
  expect(await put(TableName)).toBe('done');
});
