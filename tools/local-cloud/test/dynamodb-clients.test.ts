import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { CreateTableCommand, DynamoDBClient, ScanCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  dynamodb = cloud.client(DynamoDBClient);
});
afterAll(() => cloud.close());

async function table(TableName: string, sortKey?: string) {
  const names = ['id', ...(sortKey ? [sortKey] : [])];
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: names.map((AttributeName, i) => ({
        AttributeName,
        KeyType: i === 0 ? ('HASH' as const) : ('RANGE' as const),
      })),
    }),
  );
  await cloud.cloud.clock.advance(300);
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 1, maxDelay: 1 }, { TableName });
  return TableName;
}

describe('the document client', () => {
  test('gives back JavaScript values as they were put', async () => {
    const documents = DynamoDBDocumentClient.from(dynamodb);
    const TableName = await table('documents');
    const Item = {
      id: 'a',
      n: 1.5,
      list: [1, 'two', null, true],
      map: { deep: { x: 'y' } },
      tags: new Set(['p', 'q']),
    };
    await documents.send(new PutCommand({ TableName, Item }));
    expect((await documents.send(new GetCommand({ TableName, Key: { id: 'a' } }))).Item).toEqual(Item);
    const update = new UpdateCommand({
      TableName,
      Key: { id: 'a' },
      UpdateExpression: 'SET #m.deep.z = :z ADD n :n',
      ExpressionAttributeNames: { '#m': 'map' },
      ExpressionAttributeValues: { ':z': ['new'], ':n': 0.25 },
      ReturnValues: 'UPDATED_NEW',
    });
    expect((await documents.send(update)).Attributes).toEqual({ n: 1.75, map: { deep: { z: ['new'] } } });
  });

  test('pages through a query and commits a transaction', async () => {
    const documents = DynamoDBDocumentClient.from(dynamodb);
    const TableName = await table('paged', 'at');
    const ats = Array.from({ length: 20 }, (_, i) => `${i}`.padStart(3, '0'));
    const TransactItems = ats.map((at) => ({ Put: { TableName, Item: { id: 'a', at } } }));
    await documents.send(new TransactWriteCommand({ TransactItems }));
    const found: string[] = [];
    const input = {
      TableName,
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': 'a' },
      Limit: 7,
    };
    for await (const page of paginateQuery({ client: documents }, input)) {
      found.push(...(page.Items ?? []).map((item) => item['at'] as string));
    }
    expect(found).toEqual(ats);
  });
});

describe("Powertools' idempotency", () => {
  /** With the context of an invocation that has ten seconds left. */
  const config = () => {
    const made = new IdempotencyConfig({});
    made.registerLambdaContext({ getRemainingTimeInMillis: () => 10_000 } as Parameters<
      typeof made.registerLambdaContext
    >[0]);
    return made;
  };

  test('runs a handler once for a payload, answers what it answered, and forgets one that failed', async () => {
    const TableName = await table('idempotency');
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TableName, awsSdkV3Client: dynamodb });
    let runs = 0;
    const process = makeIdempotent(
      async (order: { id: string; fails?: boolean }) => {
        runs += 1;
        if (order.fails) throw new Error('not now');
        return { charged: order.id };
      },
      { persistenceStore, config: config() },
    );
    expect(await process({ id: 'a' })).toEqual({ charged: 'a' });
    expect(await process({ id: 'a' })).toEqual({ charged: 'a' });
    expect(runs).toBe(1);
    await expect(process({ id: 'b', fails: true })).rejects.toThrow('not now');
    await expect(process({ id: 'b', fails: true })).rejects.toThrow('not now');
    expect(runs).toBe(3);
    expect((await dynamodb.send(new ScanCommand({ TableName }))).Count).toBe(1);
  });

  test('lets one of two at once through', async () => {
    const TableName = await table('at-once');
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TableName, awsSdkV3Client: dynamodb });
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const process = makeIdempotent(
      async (order: { id: string }) => {
        runs += 1;
        await gate.promise;
        return order.id;
      },
      { persistenceStore, config: config() },
    );
    const first = process({ id: 'a' });
    await expect.poll(() => runs).toBe(1);
    await expect(process({ id: 'a' })).rejects.toThrow(/execution in progress/);
    gate.resolve();
    expect(await first).toBe('a');
  });
});
