import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { newTable, reference, tableWith } from './dynamodb-support.ts';

/** Claims about batches and transactions. */
export const transactionClaims: readonly Claim[] = [
  {
    operation: 'BatchWriteItem',
    beside: ['BatchGetItem'],
    claim: 'takes 25 writes, refuses 26 and two of one item',
    limit: '25 writes a call',
    source: reference('BatchWriteItem'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const put = (id: number) => ({ PutRequest: { Item: { id: { S: `${id}` } } } });
      const write = (ids: readonly number[]) =>
        dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: ids.map(put) } }));
      const ids = Array.from({ length: 25 }, (_, i) => i);
      expect((await write(ids)).UnprocessedItems).toEqual({});
      expect((await refusal(write([...ids, 25]))).name).toBe('ValidationException');
      expect((await refusal(write([1, 1]))).message).toBe('Provided list of item keys contains duplicates');
      const Keys = ids.map((id) => ({ id: { S: `${id}` } }));
      const RequestItems = { [TableName]: { Keys, ConsistentRead: true } };
      const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
      expect(Responses?.[TableName]).toHaveLength(25);
    },
  },
  {
    operation: 'BatchGetItem',
    claim: 'refuses 101 keys',
    limit: '100 items a call',
    source: reference('BatchGetItem'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const Keys = Array.from({ length: 101 }, (_, i) => ({ id: { S: `${i}` } }));
      const call = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } });
      expect((await refusal(dynamodb.send(call))).message).toBe('Too many items requested for the BatchGetItem call');
    },
  },
  {
    operation: 'TransactWriteItems',
    claim: 'does all or nothing, and says of each action why not',
    source: reference('TransactWriteItems'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, { n: { N: '1' } });
      const other = { id: { S: 'b' } };
      const call = new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: other } },
          {
            ConditionCheck: {
              TableName,
              Key,
              ConditionExpression: 'attribute_not_exists(id)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      });
      const error = await dynamodb.send(call).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TransactionCanceledException);
      expect(error).toMatchObject({
        message:
          'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
        CancellationReasons: [
          { Code: 'None' },
          {
            Code: 'ConditionalCheckFailed',
            Message: 'The conditional request failed',
            Item: { ...Key, n: { N: '1' } },
          },
        ],
      });
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: other, ConsistentRead: true }));
      expect(Item).toBeUndefined();
    },
  },
  {
    operation: 'TransactWriteItems',
    claim: 'carries a transaction out once for a token, and refuses another one with the same token',
    source: reference('TransactWriteItems'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, {});
      const transact = (amount: string) =>
        dynamodb.send(
          new TransactWriteItemsCommand({
            ClientRequestToken: 'token-of-this-claim',
            TransactItems: [
              {
                Update: {
                  TableName,
                  Key,
                  UpdateExpression: 'ADD n :amount',
                  ExpressionAttributeValues: { ':amount': { N: amount } },
                },
              },
            ],
          }),
        );
      await transact('5');
      await transact('5');
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      expect(Item?.['n']).toEqual({ N: '5' });
      expect((await refusal(transact('6'))).name).toBe('IdempotentParameterMismatchException');
    },
  },
  {
    operation: 'TransactWriteItems',
    claim: 'takes 100 actions, refuses 101 and two on one item',
    limit: '100 actions a transaction',
    source: reference('TransactWriteItems'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const put = (id: number) => ({ Put: { TableName, Item: { id: { S: `${id}` } } } });
      const transact = (ids: readonly number[]) =>
        dynamodb.send(new TransactWriteItemsCommand({ TransactItems: ids.map(put) }));
      const ids = Array.from({ length: 100 }, (_, i) => i);
      await transact(ids);
      expect((await refusal(transact([...ids, 100]))).name).toBe('ValidationException');
      expect((await refusal(transact([1, 1]))).message).toBe(
        'Transaction request cannot include multiple operations on one item',
      );
    },
  },
  {
    operation: 'TransactWriteItems',
    claim: 'refuses items of more than 4 MB together',
    limit: '4 MB a transaction',
    source: reference('TransactWriteItems'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const big = { S: 'x'.repeat(399 * 1024) };
      const put = (id: number) => ({ Put: { TableName, Item: { id: { S: `${id}` }, big } } });
      const TransactItems = Array.from({ length: 11 }, (_, i) => put(i));
      const { name, message } = await refusal(dynamodb.send(new TransactWriteItemsCommand({ TransactItems })));
      expect(name).toBe('ValidationException');
      expect(message).toContain('exceeded the maximum allowed size of 4 MB');
    },
  },
  {
    operation: 'TransactGetItems',
    claim: 'gives items of several keys in their order, nothing for one that is not there, for twice the units',
    source: reference('TransactGetItems'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, { n: { N: '1' } });
      const call = new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName, Key: { id: { S: 'none' } } } }, { Get: { TableName, Key } }],
        ReturnConsumedCapacity: 'TOTAL',
      });
      const { Responses, ConsumedCapacity } = await dynamodb.send(call);
      expect(Responses?.map(({ Item }) => Item)).toEqual([undefined, { ...Key, n: { N: '1' } }]);
      expect(ConsumedCapacity?.[0]?.CapacityUnits).toBe(4);
    },
  },
];
