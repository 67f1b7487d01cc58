import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let dynamodb: DynamoDBClient;
let made = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  dynamodb = cloud.client(DynamoDBClient);
});
afterAll(() => cloud.close());

const hourMs = 3_600_000;

/** A table whose items expire by `expires`. */
async function expiring() {
  made += 1;
  const TableName = `table${made}`;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await cloud.cloud.clock.advance(1000);
  const set = async (Enabled: boolean) => {
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled };
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await cloud.cloud.clock.advance(1000);
  };
  await set(true);
  return {
    set,
    /** Puts an item that expires so many milliseconds from now. */
    put: (id: string, inMs: number) => {
      const expires = { N: String(Math.floor((cloud.cloud.clock.now() + inMs) / 1000)) };
      return dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, expires } }));
    },
    putPlain: (id: string, expires: string) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, expires: { S: expires } } })),
    ids: async () => {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
      return Items.map(({ id }) => id?.S).sort();
    },
  };
}

test('items go each at its time, and can still be read for a while after it', async () => {
  const table = await expiring();
  await table.put('late', 3 * hourMs);
  await table.put('early', hourMs);
  await table.putPlain('text', '1');
  await cloud.cloud.clock.advance(hourMs);
  expect(await table.ids()).toEqual(['early', 'late', 'text']);
  await cloud.cloud.clock.advance(hourMs);
  expect(await table.ids()).toEqual(['late', 'text']);
  await cloud.cloud.clock.advance(2 * hourMs);
  expect(await table.ids()).toEqual(['text']);
});

test('an item that was renewed stays', async () => {
  const table = await expiring();
  await table.put('a', hourMs);
  await table.put('a', 5 * hourMs);
  await cloud.cloud.clock.advance(2 * hourMs);
  expect(await table.ids()).toEqual(['a']);
});

test('nothing goes while expiry is off, and what was due goes when it is on again', async () => {
  const table = await expiring();
  await table.put('a', hourMs);
  await table.set(false);
  await cloud.cloud.clock.advance(2 * hourMs);
  expect(await table.ids()).toEqual(['a']);
  await table.set(true);
  expect(await table.ids()).toEqual([]);
});

test('a time more than five years ago is taken for a mistake', async () => {
  const table = await expiring();
  await table.put('a', -6 * 365 * 24 * hourMs);
  await cloud.cloud.clock.advance(hourMs);
  expect(await table.ids()).toEqual(['a']);
});
