import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import {
  attribute,
  guide,
  hash,
  newTable,
  ordersTable,
  quotas,
  range,
  reference,
  tableWith,
} from './dynamodb-support.ts';

/** Claims about single items. */
export const itemClaims: readonly Claim[] = [
  {
    operation: 'PutItem',
    claim: 'takes attributes nested 32 levels deep, and refuses 33',
    limit: '32 levels of nesting',
    source: quotas,
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const nested = (levels: number): AttributeValue => (levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] });
      const put = (levels: number) =>
        dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, nested: nested(levels) } }));
      await put(31);
      expect((await refusal(put(33))).message).toContain('Nesting Levels have exceeded supported limits');
    },
  },
  {
    operation: 'PutItem',
    beside: ['GetItem'],
    claim: 'keeps every type, numbers exactly and in plain notation',
    limit: '38 significant digits, 1E-130 to 9.99…E+125',
    source: guide('Supported data types and naming rules'),
    async run(target) {
      const item: Record<string, AttributeValue> = {
        text: { S: 'é' },
        empty: { S: '' },
        precise: { N: '0.12345678901234567890123456789012345678' },
        bytes: { B: Uint8Array.from([0, 255]) },
        set: { SS: ['a', 'b'] },
        numbers: { NS: ['-1', '2.5'] },
        list: { L: [{ N: '1' }, { NULL: true }] },
        map: { M: { yes: { BOOL: true } } },
      };
      const { dynamodb, TableName, Key } = await tableWith(target, { ...item, short: { N: '+1.50e2' } });
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      expect(Item).toEqual({ ...Key, ...item, short: { N: '150' }, bytes: { B: expect.anything() } });
      expect([...(Item?.['bytes']?.B ?? [])]).toEqual([0, 255]);
      const problem = async (N: string) =>
        (await refusal(dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, n: { N } } })))).message;
      expect(await problem('1E126')).toBe(
        'Number overflow. Attempting to store a number with magnitude larger than supported range',
      );
      expect(await problem('1E-131')).toBe(
        'Number underflow. Attempting to store a number with magnitude smaller than supported range',
      );
      expect(await problem('1'.repeat(39))).toBe('Attempting to store more than 38 significant digits in a Number');
      expect(await problem('abc')).toBe('The parameter cannot be converted to a numeric value: abc');
    },
  },
  {
    operation: 'PutItem',
    claim: 'takes an item of 400 KB with its names, and refuses one byte more',
    limit: '400 KB an item',
    source: quotas,
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const put = (size: number) =>
        dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, d: { S: 'x'.repeat(size - 4) } } }));
      await put(400 * 1024);
      expect(await refusal(put(400 * 1024 + 1))).toEqual({
        name: 'ValidationException',
        message: 'Item size has exceeded the maximum allowed size',
      });
    },
  },
  {
    operation: 'PutItem',
    claim: 'refuses keys that are missing, of another type, empty or too long',
    limit: '2,048 bytes a partition key, 1,024 a sort key',
    source: quotas,
    async run(target) {
      const { dynamodb, TableName } = await ordersTable(target);
      const problem = async (Item: Record<string, AttributeValue>) =>
        (await refusal(dynamodb.send(new PutItemCommand({ TableName, Item })))).message;
      expect(await problem({ pk: { S: 'a' } })).toBe(
        'One or more parameter values were invalid: Missing the key sk in the item',
      );
      expect(await problem({ pk: { S: 'a' }, sk: { S: '1' } })).toBe(
        'One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S',
      );
      expect(await problem({ pk: { S: '' }, sk: { N: '1' } })).toBe(
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
      );
      expect(await problem({ pk: { S: 'x'.repeat(2049) }, sk: { N: '1' } })).toContain(
        'maximum size limit of2048 bytes',
      );
      expect(await problem({ pk: { S: 'a' }, sk: { N: '1' }, state: { N: '1' } })).toBe(
        'One or more parameter values were invalid: Type mismatch for Index Key state Expected: S Actual: N IndexName: byStatus',
      );
    },
  },
  {
    operation: 'PutItem',
    claim: 'refuses when the condition does not hold, and gives the item there is when asked to',
    source: reference('PutItem'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, { n: { N: '1' } });
      const call = new PutItemCommand({
        TableName,
        Item: Key,
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const error = await dynamodb.send(call).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'ConditionalCheckFailedException',
        message: 'The conditional request failed',
        Item: { ...Key, n: { N: '1' } },
      });
    },
  },
  {
    operation: 'PutItem',
    claim: 'answers the capacity it took: a unit for each started KB, of the table and of each index',
    source: guide('DynamoDB read and write operations'),
    async run(target) {
      const { dynamodb, TableName } = await ordersTable(target);
      const Item = { pk: { S: 'a' }, sk: { N: '1' }, state: { S: 'open' }, d: { S: 'x'.repeat(1500) } };
      const { ConsumedCapacity } = await dynamodb.send(
        new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' }),
      );
      expect(ConsumedCapacity).toMatchObject({
        CapacityUnits: 3,
        Table: { CapacityUnits: 2 },
        GlobalSecondaryIndexes: { byStatus: { CapacityUnits: 1 } },
      });
    },
  },
  {
    operation: 'PutItem',
    claim: 'tells the size of the item collection when a table has local indexes',
    source: guide('Local secondary indexes'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, {
        AttributeDefinitions: [attribute('pk'), attribute('sk'), attribute('at')],
        KeySchema: [hash('pk'), range('sk')],
        LocalSecondaryIndexes: [
          { IndexName: 'byTime', KeySchema: [hash('pk'), range('at')], Projection: { ProjectionType: 'ALL' } },
        ],
      });
      const Item = { pk: { S: 'a' }, sk: { S: 's' } };
      const call = new PutItemCommand({ TableName, Item, ReturnItemCollectionMetrics: 'SIZE' });
      expect((await dynamodb.send(call)).ItemCollectionMetrics).toEqual({
        ItemCollectionKey: { pk: Item.pk },
        SizeEstimateRangeGB: [0, 1],
      });
    },
  },
  {
    operation: 'GetItem',
    claim: 'takes half a unit for each started 4 KB, twice as much when consistent',
    source: guide('DynamoDB read and write operations'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, { d: { S: 'x'.repeat(5000) } });
      const units = async (ConsistentRead: boolean) => {
        const call = new GetItemCommand({ TableName, Key, ConsistentRead, ReturnConsumedCapacity: 'TOTAL' });
        return (await dynamodb.send(call)).ConsumedCapacity?.CapacityUnits;
      };
      expect([await units(false), await units(true)]).toEqual([1, 2]);
    },
  },
  {
    operation: 'GetItem',
    claim: 'gives the paths of a projection only, and refuses a key of another shape',
    source: guide('Projection expressions'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, {
        list: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] },
        map: { M: { a: { S: 'x' }, b: { S: 'y' } } },
      });
      const reserved = new GetItemCommand({ TableName, Key, ProjectionExpression: 'list[2]' });
      expect((await refusal(dynamodb.send(reserved))).message).toBe(
        'Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: list',
      );
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName,
          Key,
          ProjectionExpression: '#l[2], #l[0], #m.b, nothing',
          ExpressionAttributeNames: { '#l': 'list', '#m': 'map' },
          ConsistentRead: true,
        }),
      );
      expect(Item).toEqual({ list: { L: [{ N: '0' }, { N: '2' }] }, map: { M: { b: { S: 'y' } } } });
      const wrong = new GetItemCommand({ TableName, Key: { id: { N: '1' } } });
      expect((await refusal(dynamodb.send(wrong))).message).toBe('The provided key element does not match the schema');
    },
  },
  {
    operation: 'GetItem',
    claim: 'does not know a table that is not there',
    source: reference('GetItem'),
    async run(target) {
      const call = new GetItemCommand({ TableName: target.name(), Key: { id: { S: 'a' } } });
      expect(await refusal(target.client(DynamoDBClient).send(call))).toEqual({
        name: 'ResourceNotFoundException',
        message: 'Requested resource not found',
      });
    },
  },
  {
    operation: 'UpdateItem',
    claim: 'creates an item that is not there, and answers the updated attributes before and after',
    source: reference('UpdateItem'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const update = async (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW') => {
        const call = new UpdateItemCommand({
          TableName,
          Key: { id: { S: 'a' } },
          UpdateExpression: 'ADD hits :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues,
        });
        return (await dynamodb.send(call)).Attributes;
      };
      expect(await update('UPDATED_NEW')).toEqual({ hits: { N: '1' } });
      expect(await update('UPDATED_OLD')).toEqual({ hits: { N: '1' } });
    },
  },
  {
    operation: 'DeleteItem',
    claim: 'answers what it deleted, and is content when there is nothing',
    source: reference('DeleteItem'),
    async run(target) {
      const { dynamodb, TableName, Key } = await tableWith(target, { n: { N: '1' } });
      const remove = () => dynamodb.send(new DeleteItemCommand({ TableName, Key, ReturnValues: 'ALL_OLD' }));
      expect((await remove()).Attributes).toEqual({ ...Key, n: { N: '1' } });
      expect((await remove()).Attributes).toBeUndefined();
    },
  },
];
