import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `DynamoDB API Reference, ${operation}`;
export const guide = (page: string) => `DynamoDB Developer Guide, ${page}`;
export const quotas = guide('Quotas in Amazon DynamoDB');

export const attribute = (AttributeName: string, AttributeType: 'S' | 'N' | 'B' = 'S') => ({
  AttributeName,
  AttributeType,
});
export const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
export const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });

/** A table with the partition key `id`, on demand, unless the input says otherwise; ACTIVE. */
export async function newTable(target: Target, input: Partial<CreateTableCommandInput> = {}) {
  const dynamodb = target.client(DynamoDBClient);
  const TableName = target.name();
  const defaults: Omit<CreateTableCommandInput, 'TableName'> = {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [attribute('id')],
    KeySchema: [hash('id')],
  };
  const { TableDescription } = await dynamodb.send(new CreateTableCommand({ TableName, ...defaults, ...input }));
  target.afterwards(() => dynamodb.send(new DeleteTableCommand({ TableName })));
  await settled(target, dynamodb, TableName);
  return { dynamodb, TableName, TableArn: TableDescription?.TableArn as string };
}

/** A table of orders: customer `pk`, number `sk`, and a sparse index `byStatus` with the keys only. */
export function ordersTable(target: Target, input: Partial<CreateTableCommandInput> = {}) {
  return newTable(target, {
    AttributeDefinitions: [attribute('pk'), attribute('sk', 'N'), attribute('state')],
    KeySchema: [hash('pk'), range('sk')],
    GlobalSecondaryIndexes: [
      { IndexName: 'byStatus', KeySchema: [hash('state'), range('sk')], Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
    ...input,
  });
}

export function settled(target: Target, dynamodb: DynamoDBClient, TableName: string) {
  return target.until(async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    for (const { IndexStatus } of Table?.GlobalSecondaryIndexes ?? []) expect(IndexStatus).toBe('ACTIVE');
    return Table;
  });
}

/** A table with one item `{ id: 'a', … }`. */
export async function tableWith(
  target: Target,
  item: NonNullable<ConstructorParameters<typeof PutItemCommand>[0]['Item']>,
) {
  const made = await newTable(target);
  const Key = { id: { S: 'a' } };
  await made.dynamodb.send(new PutItemCommand({ TableName: made.TableName, Item: { ...Key, ...item } }));
  return { ...made, Key };
}
