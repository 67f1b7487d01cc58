import type { AttributeValue, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../src/errors.ts';
import { applyUpdate } from '../src/services/dynamodb/expressions/apply-update.ts';
import { holds } from '../src/services/dynamodb/expressions/evaluate.ts';
import { parseCondition } from '../src/services/dynamodb/expressions/parse-condition.ts';
import { parseUpdate } from '../src/services/dynamodb/expressions/parse-update.ts';
import { placeholdersOf } from '../src/services/dynamodb/expressions/placeholders.ts';
import { add, normalNumber, sortableNumber, subtract } from '../src/services/dynamodb/numbers.ts';
import { startTestCloud } from '../src/testing.ts';

const integer = fc.integer({ min: -1000, max: 1000 });

describe('numbers', () => {
  /** Up to 30 digits with an exponent: a number that a bigint of hundredths can stand for. */
  const scaled = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const text = (hundredths: bigint) => {
    const digits = `${hundredths < 0n ? -hundredths : hundredths}`.padStart(3, '0');
    return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };

  test('add and subtract exactly', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        expect(add(text(a), text(b))).toBe(normalNumber(text(a + b)));
        expect(subtract(text(a), text(b))).toBe(normalNumber(text(a - b)));
      }),
    );
  });

  test('sort as text as they do as numbers', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [left, right] = [sortableNumber(text(a)), sortableNumber(text(b))];
        expect([left < right, left === right]).toEqual([a < b, a === b]);
      }),
    );
  });

  test('have one way to be written', () => {
    const exponent = fc.integer({ min: -85, max: 85 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), exponent, (digits, e) => {
        const normal = normalNumber(`${digits}E${e}`);
        expect(normalNumber(normal)).toBe(normal);
        expect(normal).not.toMatch(/e|^-?0\d|\.\d*0$|^-0$/i);
      }),
    );
  });
});

describe('conditions', () => {
  /** A condition as text, and what it says of an item with the numbers a, b and c. */
  interface Said {
    readonly text: string;
    readonly of: (item: Readonly<Record<string, number | undefined>>) => boolean;
  }
  const names = ['a', 'b', 'c'] as const;
  const comparators: Readonly<Record<string, (x: number, y: number) => boolean>> = {
    '=': (x, y) => x === y,
    '<': (x, y) => x < y,
    '<=': (x, y) => x <= y,
    '>': (x, y) => x > y,
    '>=': (x, y) => x >= y,
  };
  const small = fc.integer({ min: -3, max: 3 });
  const value = (n: number) => `:v${n + 3}`;
  const leaf = fc.oneof(
    fc.record({ name: fc.constantFrom(...names), op: fc.constantFrom(...Object.keys(comparators)), n: small }).map(
      ({ name, op, n }): Said => ({
        text: `${name} ${op} ${value(n)}`,
        of: (item) => item[name] !== undefined && (comparators[op] as (x: number, y: number) => boolean)(item[name], n),
      }),
    ),
    fc
      .constantFrom(...names)
      .map((name): Said => ({ text: `attribute_exists(${name})`, of: (item) => item[name] !== undefined })),
    fc.tuple(fc.constantFrom(...names), small, small).map(
      ([name, x, y]): Said => ({
        text: `${name} BETWEEN ${value(Math.min(x, y))} AND ${value(Math.max(x, y))}`,
        of: (item) => item[name] !== undefined && item[name] >= Math.min(x, y) && item[name] <= Math.max(x, y),
      }),
    ),
    fc.tuple(fc.constantFrom(...names), fc.uniqueArray(small, { minLength: 1 })).map(
      ([name, options]): Said => ({
        text: `${name} IN (${options.map(value).join(', ')})`,
        of: (item) => item[name] !== undefined && options.includes(item[name]),
      }),
    ),
  );
  const { said } = fc.letrec<{ said: Said }>((tie) => ({
    said: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('said'), tie('said'))
        .map(([x, y]): Said => ({ text: `(${x.text}) AND (${y.text})`, of: (i) => x.of(i) && y.of(i) })),
      fc
        .tuple(tie('said'), tie('said'))
        .map(([x, y]): Said => ({ text: `(${x.text}) OR (${y.text})`, of: (i) => x.of(i) || y.of(i) })),
      fc.tuple(leaf, leaf, leaf).map(
        ([x, y, z]): Said => ({
          text: `${x.text} OR ${y.text} AND NOT ${z.text}`,
          of: (i) => x.of(i) || (y.of(i) && !z.of(i)),
        }),
      ),
    ),
  }));
  const values = Object.fromEntries([-3, -2, -1, 0, 1, 2, 3].map((n) => [value(n), { N: `${n}` }]));

  test('hold exactly when what they say is so', () => {
    const item = fc.record({ a: small, b: small, c: small }, { requiredKeys: [] });
    fc.assert(
      fc.property(said, item, ({ text, of }, numbers) => {
        const placeholders = placeholdersOf({ ExpressionAttributeValues: values }, { ConditionExpression: text });
        const condition = parseCondition('ConditionExpression', text, placeholders);
        const attributes = Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, { N: `${n}` }]));
        expect([text, holds(condition, attributes)]).toEqual([text, of(numbers)]);
      }),
      { numRuns: 300 },
    );
  });

  test('of any text are read or refused in words', () => {
    const pieces = fc.constantFrom(
      'a',
      '#n',
      ':v',
      '(',
      ')',
      ',',
      '.',
      '[0]',
      '=',
      '<>',
      'AND',
      'OR',
      'NOT',
      'IN',
      'BETWEEN',
      'size',
      'contains',
      '9',
      '§',
      'SET',
      '+',
      'list_append',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        for (const parse of [
          () => parseCondition('ConditionExpression', text, empty()),
          () => parseUpdate(text, empty()),
        ]) {
          try {
            parse();
          } catch (error) {
            expect(error).toBeInstanceOf(AwsError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('nested without end are refused, not followed', () => {
    for (const text of ['('.repeat(2000), 'NOT '.repeat(1000), 'size('.repeat(800)]) {
      expect(() => parseCondition('ConditionExpression', text, empty())).toThrow(AwsError);
      expect(() => parseUpdate(`SET a = ${text}`, empty())).toThrow(AwsError);
    }
  });

  const empty = () => ({
    names: { '#n': 'n' },
    values: { ':v': { N: '1' } },
    usedNames: new Set<string>(),
    usedValues: new Set<string>(),
  });
});

describe('updates', () => {
  test('of different attributes are the same in any order', () => {
    const actions = ['SET a = a + :one', 'REMOVE b', 'ADD c :one', 'DELETE d :set'];
    const order = fc.shuffledSubarray(actions, { minLength: actions.length });
    fc.assert(
      fc.property(order, integer, (sections, n) => {
        const placeholders = placeholdersOf(
          { ExpressionAttributeValues: { ':one': { N: '1' }, ':set': { SS: ['x'] } } },
          { UpdateExpression: '' },
        );
        const item = { a: { N: `${n}` }, b: { S: 'b' }, c: { N: `${n}` }, d: { SS: ['x', 'y'] } };
        const after = applyUpdate(parseUpdate(sections.join(' '), placeholders), item);
        expect(after).toEqual({ a: { N: `${n + 1}` }, c: { N: `${n + 1}` }, d: { SS: ['y'] } });
      }),
    );
  });
});

describe('a table', () => {
  let cloud: Awaited<ReturnType<typeof startTestCloud>>;
  let dynamodb: DynamoDBClient;
  let made = 0;
  beforeAll(async () => {
    cloud = await startTestCloud();
    dynamodb = cloud.client(DynamoDBClient);
  });
  afterAll(() => cloud.close());

  const sorted = (items: Iterable<Item>) =>
    [...items].map((item) => JSON.stringify(Object.entries(item).sort())).sort();
  const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
  const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });

  async function newTable(GlobalSecondaryIndexes?: GlobalSecondaryIndex[]) {
    made += 1;
    const { TableDescription } = await dynamodb.send(
      new CreateTableCommand({
        TableName: `table${made}`,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'N' },
          ...(GlobalSecondaryIndexes
            ? [
                { AttributeName: 'group', AttributeType: 'S' as const },
                { AttributeName: 'rank', AttributeType: 'N' as const },
              ]
            : []),
        ],
        GlobalSecondaryIndexes,
        KeySchema: [hash('pk'), range('sk')],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    await cloud.cloud.clock.advance(300);
    return { TableName: `table${made}`, StreamArn: TableDescription?.LatestStreamArn as string };
  }

  type Item = Record<string, AttributeValue>;
  const call = (operation: string, input: Record<string, unknown>) =>
    cloud.cloud.call<{ Items?: Item[] }>('dynamodb', operation, input, { caller: root, region: 'us-east-1' });
  const root = {
    account: '000000000000',
    type: 'root',
    arn: 'arn:aws:iam::000000000000:root',
    userId: '000000000000',
  } as const;
  const keyed = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: `${sk}` } });

  test('gives a partition in the order of its numbers, in pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(integer, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (numbers, Limit) => {
          const { TableName } = await newTable();
          for (const n of numbers) await call('PutItem', { TableName, Item: keyed('a', n) });
          const found: number[] = [];
          let ExclusiveStartKey: Item | undefined;
          do {
            const page = await dynamodb.send(
              new QueryCommand({
                TableName,
                KeyConditionExpression: 'pk = :pk',
                ExpressionAttributeValues: { ':pk': { S: 'a' } },
                Limit,
                ExclusiveStartKey,
              }),
            );
            found.push(...(page.Items ?? []).map((item) => Number(item['sk']?.N)));
            ExclusiveStartKey = page.LastEvaluatedKey;
          } while (ExclusiveStartKey);
          expect(found).toEqual([...numbers].sort((a, b) => a - b));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('has indexes that hold exactly the items with their keys, in order', async () => {
    const write = fc.record({
      pk: fc.constantFrom('a', 'b', 'c'),
      sk: fc.integer({ min: 0, max: 2 }),
      group: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
      rank: fc.integer({ min: -2, max: 2 }),
      gone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (writes, Limit) => {
        const { TableName } = await newTable([
          { IndexName: 'byGroup', KeySchema: [hash('group'), range('rank')], Projection: { ProjectionType: 'ALL' } },
        ]);
        const expected = new Map<string, Item>();
        for (const { pk, sk, group, rank, gone } of writes) {
          const Key = keyed(pk, sk);
          const Item = { ...Key, rank: { N: `${rank}` }, ...(group && { group: { S: group } }) };
          if (gone) await call('DeleteItem', { TableName, Key });
          else await call('PutItem', { TableName, Item });
          if (gone || !group) expected.delete(JSON.stringify(Key));
          else expected.set(JSON.stringify(Key), Item);
        }
        for (const group of ['x', 'y']) {
          const found: Item[] = [];
          let ExclusiveStartKey: Item | undefined;
          do {
            const page = await dynamodb.send(
              new QueryCommand({
                TableName,
                IndexName: 'byGroup',
                KeyConditionExpression: '#g = :g',
                ExpressionAttributeNames: { '#g': 'group' },
                ExpressionAttributeValues: { ':g': { S: group } },
                ScanIndexForward: false,
                Limit,
                ExclusiveStartKey,
              }),
            );
            found.push(...(page.Items ?? []));
            ExclusiveStartKey = page.LastEvaluatedKey;
          } while (ExclusiveStartKey);
          const ranks = found.map(({ rank }) => Number(rank?.N));
          expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
          const wanted = [...expected.values()].filter((item) => item['group']?.S === group);
          expect(sorted(found)).toEqual(sorted(wanted));
        }
      }),
      { numRuns: 12 },
    );
  });

  test('is what its stream tells, replayed', async () => {
    const write = fc.record({
      kind: fc.constantFrom('PutItem', 'UpdateItem', 'DeleteItem'),
      pk: fc.constantFrom('a', 'b'),
      sk: fc.integer({ min: 0, max: 2 }),
      n: fc.integer({ min: 0, max: 2 }),
    });
    const streams = cloud.client(DynamoDBStreamsClient);
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (writes) => {
        const { TableName, StreamArn } = await newTable();
        for (const { kind, pk, sk, n } of writes) {
          const Key = keyed(pk, sk);
          const value = { ':n': { N: `${n}` } };
          if (kind === 'PutItem') await call(kind, { TableName, Item: { ...Key, n: { N: `${n}` } } });
          else if (kind === 'DeleteItem') await call(kind, { TableName, Key });
          else await call(kind, { TableName, Key, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: value });
        }
        const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
        const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
        const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
        const { ShardIterator } = await streams.send(new GetShardIteratorCommand(start));
        const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
        const replayed = new Map<string, Item>();
        for (const { dynamodb: change } of Records) {
          const id = JSON.stringify(change?.Keys);
          // Each record begins where the one before ended.
          expect(change?.OldImage).toEqual(replayed.get(id));
          if (change?.NewImage) replayed.set(id, change.NewImage as Item);
          else replayed.delete(id);
        }
        const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
        expect(sorted(replayed.values())).toEqual(sorted(Items));
      }),
      { numRuns: 15 },
    );
  });

  test('keeps a sum over concurrent transactions, each of which happens wholly or not at all', async () => {
    const transfer = fc.record({
      from: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 0, max: 3 }),
      amount: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(transfer, { maxLength: 20 }), async (transfers) => {
        const { TableName } = await newTable();
        for (const n of [0, 1, 2, 3])
          await call('PutItem', { TableName, Item: { ...keyed('account', n), money: { N: '100' } } });
        const outcomes = await Promise.allSettled(
          transfers
            .filter(({ from, to }) => from !== to)
            .map(({ from, to, amount }) =>
              dynamodb.send(
                new TransactWriteItemsCommand({
                  TransactItems: [
                    {
                      Update: {
                        TableName,
                        Key: keyed('account', from),
                        UpdateExpression: 'SET money = money - :m',
                        ConditionExpression: 'money >= :m',
                        ExpressionAttributeValues: { ':m': { N: `${amount}` } },
                      },
                    },
                    {
                      Update: {
                        TableName,
                        Key: keyed('account', to),
                        UpdateExpression: 'SET money = money + :m',
                        ExpressionAttributeValues: { ':m': { N: `${amount}` } },
                      },
                    },
                  ],
                }),
              ),
            ),
        );
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('TransactionCanceledException');
        }
        const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
        const balances = Items.map((item) => Number(item['money']?.N));
        expect(balances.reduce((sum, each) => sum + each, 0)).toBe(400);
        expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 10 },
    );
  });
});
