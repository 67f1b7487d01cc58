import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud } from '../src/cloud.ts';
import { defaultRegion, rootCredentials } from '../src/testing.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dynamodb-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

async function start() {
  const running = await startCloud({ port: 0, dataDir, log: () => undefined });
  const settings = { endpoint: running.endpoint, region: defaultRegion, credentials: rootCredentials, maxAttempts: 1 };
  return { ...running, dynamodb: new DynamoDBClient(settings), streams: new DynamoDBStreamsClient(settings) };
}

const TableName = 'orders';
const item = (id: string, more: object = {}) => ({
  id: { S: id },
  state: { S: 'open' },
  bytes: { B: Buffer.from([1]) },
  ...more,
});

test('tables, indexes and streams outlive a restart, and items expire after it', async () => {
  const before = await start();
  await before.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'state', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byState',
          KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  await before.cloud.clock.advance(1000);
  const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
  await before.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const expires = { N: String(Math.floor(before.cloud.clock.now() / 1000) + 3600) };
  await before.dynamodb.send(new PutItemCommand({ TableName, Item: item('a') }));
  await before.dynamodb.send(new PutItemCommand({ TableName, Item: item('gone', { expires }) }));
  await before.close();

  const after = await start();
  await after.dynamodb.send(new PutItemCommand({ TableName, Item: item('b') }));
  await after.cloud.clock.advance(2 * 3_600_000);
  const { Items = [] } = await after.dynamodb.send(new ScanCommand({ TableName }));
  expect(Items.map(({ id }) => id?.S).sort()).toEqual(['a', 'b']);
  expect([...(Items[0]?.['bytes']?.B ?? [])]).toEqual([1]);
  const query = new QueryCommand({
    TableName,
    IndexName: 'byState',
    KeyConditionExpression: '#s = :open',
    ExpressionAttributeNames: { '#s': 'state' },
    ExpressionAttributeValues: { ':open': { S: 'open' } },
  });
  expect((await after.dynamodb.send(query)).Count).toBe(2);
  const { Table } = await after.dynamodb.send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await after.streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const position = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  const { ShardIterator } = await after.streams.send(new GetShardIteratorCommand(position));
  const { Records = [] } = await after.streams.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb?.Keys?.['id']?.S}`)).toEqual([
    'INSERT a',
    'INSERT gone',
    'INSERT b',
    'REMOVE gone',
  ]);
  await after.close();
});
