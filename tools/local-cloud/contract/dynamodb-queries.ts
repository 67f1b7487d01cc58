import {
  type AttributeValue,
  BatchWriteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { attribute, guide, hash, newTable, ordersTable, range, reference } from './dynamodb-support.ts';

/** Orders 1 to 5 of one customer, the odd ones open. */
async function orders(target: Target) {
  const made = await ordersTable(target);
  const Items = [1, 2, 3, 4, 5].map((n) => ({
    pk: { S: 'a' },
    sk: { N: `${n}` },
    amount: { N: `${n * 100}` },
    ...(n % 2 === 1 && { state: { S: 'open' } }),
  }));
  const RequestItems = { [made.TableName]: Items.map((Item) => ({ PutRequest: { Item } })) };
  await made.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
  const query = (input: Partial<QueryCommandInput>) =>
    made.dynamodb.send(
      new QueryCommand({
        TableName: made.TableName,
        KeyConditionExpression: 'pk = :a',
        ...input,
        ExpressionAttributeValues: { ':a': { S: 'a' }, ...input.ExpressionAttributeValues },
      }),
    );
  return { ...made, query };
}

const numbers = (items: readonly Record<string, AttributeValue>[] | undefined) =>
  items?.map((item) => Number(item['sk']?.N));

export const queryClaims: readonly Claim[] = [
  {
    operation: 'Query',
    claim: 'gives a range of sort keys in order, backwards too',
    source: guide('Key condition expressions'),
    async run(target) {
      const { query } = await orders(target);
      const between = { ':two': { N: '2' }, ':four': { N: '4' } };
      const input = {
        KeyConditionExpression: 'pk = :a AND sk BETWEEN :two AND :four',
        ExpressionAttributeValues: between,
        ConsistentRead: true,
      };
      expect(numbers((await query(input)).Items)).toEqual([2, 3, 4]);
      expect(numbers((await query({ ...input, ScanIndexForward: false })).Items)).toEqual([4, 3, 2]);
      const over = {
        ...input,
        KeyConditionExpression: 'pk = :a AND sk > :two',
        ExpressionAttributeValues: { ':two': { N: '2' } },
      };
      expect(numbers((await query(over)).Items)).toEqual([3, 4, 5]);
    },
  },
  {
    operation: 'Query',
    claim: 'pages by LastEvaluatedKey, the filter applied after the limit',
    source: guide('Paginating table query results'),
    async run(target) {
      const { query } = await orders(target);
      const input = {
        Limit: 2,
        ConsistentRead: true,
        FilterExpression: 'amount > :t',
        ExpressionAttributeValues: { ':t': { N: '100' } },
      };
      const first = await query(input);
      expect(first).toMatchObject({ Count: 1, ScannedCount: 2, LastEvaluatedKey: { pk: { S: 'a' }, sk: { N: '2' } } });
      const rest = await query({ ...input, Limit: undefined, ExclusiveStartKey: first.LastEvaluatedKey });
      expect(numbers(rest.Items)).toEqual([3, 4, 5]);
      expect(rest.LastEvaluatedKey).toBeUndefined();
    },
  },
  {
    operation: 'Query',
    claim: 'gives at most 1 MB a page',
    limit: '1 MB a page',
    source: reference('Query'),
    async run(target) {
      const { dynamodb, TableName, query } = await orders(target);
      for (const n of [6, 7, 8]) {
        const Item = { pk: { S: 'a' }, sk: { N: `${n}` }, d: { S: 'x'.repeat(399_000) } };
        await dynamodb.send(new PutItemCommand({ TableName, Item }));
      }
      const first = await query({ Select: 'COUNT', ConsistentRead: true });
      expect(first.Items).toBeUndefined();
      expect(first.LastEvaluatedKey).toEqual({ pk: { S: 'a' }, sk: { N: '7' } });
      expect((await query({ ExclusiveStartKey: first.LastEvaluatedKey, ConsistentRead: true })).Count).toBe(1);
    },
  },
  {
    operation: 'Query',
    claim: 'reads a global index: only items that have its keys, only what it projects, never consistently',
    source: guide('Using global secondary indexes'),
    async run(target) {
      const { dynamodb, TableName } = await orders(target);
      const input = {
        IndexName: 'byStatus',
        KeyConditionExpression: '#s = :open',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':open': { S: 'open' } },
      };
      const own = (extra: Partial<QueryCommandInput> = {}) =>
        dynamodb.send(new QueryCommand({ TableName, ...input, ...extra }));
      await target.until(async () => {
        const { Items } = await own();
        expect(numbers(Items)).toEqual([1, 3, 5]);
        expect(Object.keys(Items?.[0] ?? {}).sort()).toEqual(['pk', 'sk', 'state']);
      });
      expect((await refusal(own({ ConsistentRead: true }))).message).toBe(
        'Consistent reads are not supported on global secondary indexes',
      );
      expect((await refusal(own({ Select: 'ALL_ATTRIBUTES' }))).message).toContain('its projection type is not ALL');
    },
  },
  {
    operation: 'Query',
    claim: 'reads a local index consistently, and fetches from the table what it does not project',
    source: guide('Local secondary indexes'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, {
        AttributeDefinitions: [attribute('pk'), attribute('sk'), attribute('at', 'N')],
        KeySchema: [hash('pk'), range('sk')],
        LocalSecondaryIndexes: [
          { IndexName: 'byTime', KeySchema: [hash('pk'), range('at')], Projection: { ProjectionType: 'KEYS_ONLY' } },
        ],
      });
      const Item = { pk: { S: 'a' }, sk: { S: 's' }, at: { N: '10' }, note: { S: 'hello' } };
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
      const input = {
        TableName,
        IndexName: 'byTime',
        KeyConditionExpression: 'pk = :a',
        ExpressionAttributeValues: { ':a': { S: 'a' } },
        ConsistentRead: true,
      };
      const { note: _, ...projected } = Item;
      expect((await dynamodb.send(new QueryCommand(input))).Items).toEqual([projected]);
      expect((await dynamodb.send(new QueryCommand({ ...input, Select: 'ALL_ATTRIBUTES' }))).Items).toEqual([Item]);
    },
  },
  {
    operation: 'Query',
    claim: 'refuses conditions that are no key conditions, filters on keys and starts outside its range',
    source: reference('Query'),
    async run(target) {
      const { query } = await orders(target);
      const problem = async (input: Partial<QueryCommandInput>) => (await refusal(query(input))).message;
      const one = { ':one': { N: '1' } };
      expect(await problem({ KeyConditionExpression: 'pk > :a' })).toBe('Query key condition not supported');
      expect(await problem({ KeyConditionExpression: 'elsewhere = :a' })).toBe(
        'Query condition missed key schema element: pk',
      );
      expect(await problem({ KeyConditionExpression: 'pk = :a OR sk = :one', ExpressionAttributeValues: one })).toBe(
        'Invalid operator used in KeyConditionExpression: OR',
      );
      expect(await problem({ FilterExpression: 'sk = :one', ExpressionAttributeValues: one })).toBe(
        'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
      );
      expect(await problem({ ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } })).toBe(
        'The provided starting key is outside query boundaries based on provided conditions',
      );
      expect(await problem({ ExclusiveStartKey: { pk: { S: 'a' } } })).toBe('The provided starting key is invalid');
      expect(await problem({ IndexName: 'none' })).toBe('The table does not have the specified index: none');
    },
  },
  {
    operation: 'Scan',
    claim: 'gives every item once over all segments of a parallel scan',
    source: guide('Scanning tables in DynamoDB'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const ids = Array.from({ length: 25 }, (_, i) => `${i}`);
      const RequestItems = { [TableName]: ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } })) };
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
      const found: string[] = [];
      for (const Segment of [0, 1, 2]) {
        let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
        do {
          const page = await dynamodb.send(
            new ScanCommand({
              TableName,
              Segment,
              TotalSegments: 3,
              Limit: 4,
              ConsistentRead: true,
              ExclusiveStartKey,
            }),
          );
          found.push(...(page.Items ?? []).map((item) => item['id']?.S as string));
          ExclusiveStartKey = page.LastEvaluatedKey;
        } while (ExclusiveStartKey);
      }
      expect(found.sort()).toEqual([...ids].sort());
      const wrong = new ScanCommand({ TableName, Segment: 3, TotalSegments: 3 });
      expect((await refusal(dynamodb.send(wrong))).message).toBe(
        'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 3 is not less than TotalSegments: 3',
      );
    },
  },
];
