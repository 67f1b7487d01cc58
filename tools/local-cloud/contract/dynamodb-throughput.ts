import {
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { attribute, guide, hash, newTable, range, settled } from './dynamodb-support.ts';

const provisioned = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  BillingMode: 'PROVISIONED' as const,
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
});

/** Calls until it is refused; answers how. */
async function exhaust(call: () => Promise<unknown>) {
  for (let count = 0; count < 2000; count += 1) {
    const error = await call().then(
      () => undefined,
      ({ name, message }: Error) => ({ name, message }),
    );
    if (error) return error;
  }
  throw new Error('The table took 2,000 calls and was to refuse.');
}

const large = { S: 'x'.repeat(10_000) };

export const throughputClaims: readonly Claim[] = [
  {
    operation: 'PutItem',
    beside: ['UpdateItem', 'TransactWriteItems', 'BatchWriteItem'],
    claim: 'is refused when provisioned throughput and burst are used up, and passes again a little later',
    limit: '300 seconds of unused throughput kept for bursts',
    source: guide('DynamoDB burst and adaptive capacity'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, provisioned(1, 1));
      const Item = { id: { S: 'a' }, d: large };
      const put = () => dynamodb.send(new PutItemCommand({ TableName, Item }));
      expect(await exhaust(put)).toEqual({
        name: 'ProvisionedThroughputExceededException',
        message: expect.stringContaining('The level of configured provisioned throughput for the table was exceeded.'),
      });
      const Key = { id: Item.id };
      const update = new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE d' });
      expect((await refusal(dynamodb.send(update))).name).toBe('ProvisionedThroughputExceededException');
      const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] });
      expect((await refusal(dynamodb.send(transaction))).message).toMatch(
        /\[(ProvisionedThroughputExceeded|ThrottlingError)\]/,
      );
      const RequestItems = { [TableName]: [{ PutRequest: { Item: Key } }] };
      expect((await refusal(dynamodb.send(new BatchWriteItemCommand({ RequestItems })))).name).toBe(
        'ProvisionedThroughputExceededException',
      );
      await target.until(put);
    },
  },
  {
    operation: 'BatchWriteItem',
    claim: 'answers the writes it had no throughput for as unprocessed',
    source: guide('Error handling with DynamoDB'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, provisioned(1, 1));
      const unprocessed = await target.until(async () => {
        const puts = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { id: { S: `${i}` }, d: large } } }));
        const answer = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
        expect(answer.UnprocessedItems?.[TableName]).toBeDefined();
        return answer.UnprocessedItems?.[TableName];
      });
      expect(unprocessed?.[0]?.PutRequest?.Item?.['d']).toEqual(large);
    },
  },
  {
    operation: 'Query',
    claim: 'is refused when the table has no read throughput left, whatever it would have found',
    source: guide('DynamoDB provisioned capacity mode'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, {
        ...provisioned(1, 400),
        AttributeDefinitions: [attribute('pk'), attribute('sk')],
        KeySchema: [hash('pk'), range('sk')],
      });
      for (const sk of ['1', '2', '3', '4', '5', '6']) {
        await dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'a' }, sk: { S: sk }, d: large } }));
      }
      const input = { TableName, KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
      const query = () => dynamodb.send(new QueryCommand({ ...input, ConsistentRead: true }));
      expect((await exhaust(query)).name).toBe('ProvisionedThroughputExceededException');
    },
  },
  {
    operation: 'PutItem',
    claim: 'is refused for a global index that has no throughput left, though the table has',
    source: guide('Using global secondary indexes'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, {
        ...provisioned(1, 1000),
        AttributeDefinitions: [attribute('id'), attribute('state')],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byState',
            KeySchema: [hash('state')],
            Projection: { ProjectionType: 'ALL' },
            ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
          },
        ],
      });
      let n = 0;
      const put = (more: object) => {
        n += 1;
        return dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: `${n}` }, d: large, ...more } }));
      };
      expect((await exhaust(() => put({ state: { S: 'open' } }))).message).toContain('global secondary indexes');
      // Items that are not in the index don't need its throughput.
      await put({});
    },
  },
  {
    operation: 'UpdateTable',
    beside: ['PutItem'],
    claim: 'sets a maximum for an on-demand table, beyond which requests are throttled',
    source: guide('DynamoDB maximum throughput for on-demand tables'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const OnDemandThroughput = { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 1 };
      await dynamodb.send(new UpdateTableCommand({ TableName, OnDemandThroughput }));
      await settled(target, dynamodb, TableName);
      const put = () => dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, d: large } }));
      expect((await exhaust(put)).name).toBe('ThrottlingException');
    },
  },
];
