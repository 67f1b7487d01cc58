import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { attribute, guide, hash, newTable, quotas, range, reference, settled } from './dynamodb-support.ts';

/** Claims about making, changing and deleting tables. */
export const tableClaims: readonly Claim[] = [
  {
    operation: 'CreateTable',
    beside: ['DescribeTable'],
    claim: 'answers CREATING, and the table becomes ACTIVE with its ARN, keys and billing mode',
    source: reference('CreateTable'),
    async run(target) {
      const dynamodb = target.client(DynamoDBClient);
      const TableName = target.name();
      const input = { AttributeDefinitions: [attribute('id')], KeySchema: [hash('id')] };
      const units = { ReadCapacityUnits: 2, WriteCapacityUnits: 3 };
      const { TableDescription } = await dynamodb.send(
        new CreateTableCommand({ TableName, ...input, ProvisionedThroughput: units }),
      );
      target.afterwards(() => dynamodb.send(new DeleteTableCommand({ TableName })));
      expect(TableDescription?.TableStatus).toBe('CREATING');
      const table = await settled(target, dynamodb, TableName);
      expect(table).toMatchObject({
        ...input,
        ProvisionedThroughput: units,
        ItemCount: 0,
        DeletionProtectionEnabled: false,
      });
      expect(table?.TableArn).toBe(`arn:aws:dynamodb:${target.region}:${target.account}:table/${TableName}`);
    },
  },
  {
    operation: 'CreateTable',
    claim: 'refuses a name that is taken',
    source: reference('CreateTable'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const call = new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [attribute('id')],
        KeySchema: [hash('id')],
      });
      const error = await refusal(dynamodb.send(call));
      expect(error).toEqual({ name: 'ResourceInUseException', message: `Table already exists: ${TableName}` });
    },
  },
  {
    operation: 'CreateTable',
    claim:
      'refuses keys without a definition, definitions without use and throughput that does not go with the billing mode',
    source: reference('CreateTable'),
    async run(target) {
      const dynamodb = target.client(DynamoDBClient);
      const common = { TableName: target.name(), BillingMode: 'PAY_PER_REQUEST' as const };
      const id = { AttributeDefinitions: [attribute('id')], KeySchema: [hash('id')] };
      const problem = async (input: Omit<ConstructorParameters<typeof CreateTableCommand>[0], 'TableName'>) =>
        (await refusal(dynamodb.send(new CreateTableCommand({ ...common, ...input })))).message;
      expect(await problem({ ...id, KeySchema: [hash('id'), range('at')] })).toBe(
        'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id, at], AttributeDefinitions: [id]',
      );
      expect(await problem({ ...id, AttributeDefinitions: [attribute('id'), attribute('at')] })).toBe(
        'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
      );
      expect(await problem({ ...id, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } })).toBe(
        'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
      expect(await problem({ ...id, BillingMode: 'PROVISIONED' })).toBe(
        'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
      );
    },
  },
  {
    operation: 'CreateTable',
    claim: 'refuses a sixth local and a 21st global index',
    limit: '5 local and 20 global secondary indexes a table',
    source: quotas,
    async run(target) {
      const dynamodb = target.client(DynamoDBClient);
      const Projection = { ProjectionType: 'ALL' as const };
      const many = (count: number, schema: (i: number) => ReturnType<typeof hash | typeof range>[]) =>
        Array.from({ length: count }, (_, i) => ({ IndexName: `index${i}`, KeySchema: schema(i), Projection }));
      const attributes = (count: number) => Array.from({ length: count }, (_, i) => attribute(`a${i}`));
      const common = {
        TableName: target.name(),
        BillingMode: 'PAY_PER_REQUEST' as const,
        KeySchema: [hash('pk'), range('sk')],
      };
      const keys = [attribute('pk'), attribute('sk')];
      const local = new CreateTableCommand({
        ...common,
        AttributeDefinitions: [...keys, ...attributes(6)],
        LocalSecondaryIndexes: many(6, (i) => [hash('pk'), range(`a${i}`)]),
      });
      expect((await refusal(dynamodb.send(local))).message).toContain('exceeds per-table limit of 5');
      const global = new CreateTableCommand({
        ...common,
        AttributeDefinitions: [...keys, ...attributes(21)],
        GlobalSecondaryIndexes: many(21, (i) => [hash(`a${i}`)]),
      });
      expect((await refusal(dynamodb.send(global))).message).toContain('per-table limit of 20');
    },
  },
  {
    operation: 'DescribeTable',
    claim: 'does not know a table that is not there, by name',
    source: reference('DescribeTable'),
    async run(target) {
      const TableName = target.name();
      expect(await refusal(target.client(DynamoDBClient).send(new DescribeTableCommand({ TableName })))).toEqual({
        name: 'ResourceNotFoundException',
        message: `Requested resource not found: Table: ${TableName} not found`,
      });
    },
  },
  {
    operation: 'ListTables',
    claim: 'pages in the order of names',
    source: reference('ListTables'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const { TableName: second } = await newTable(target);
      const ExclusiveStartTableName = TableName.slice(0, -1);
      const page = await dynamodb.send(new ListTablesCommand({ Limit: 1, ExclusiveStartTableName }));
      expect(page).toMatchObject({ TableNames: [TableName], LastEvaluatedTableName: TableName });
      const next = await dynamodb.send(new ListTablesCommand({ Limit: 1, ExclusiveStartTableName: TableName }));
      expect(next.TableNames).toEqual([second]);
    },
  },
  {
    operation: 'UpdateTable',
    claim: 'adds a global index that holds what was there before, and refuses a second one at once',
    limit: '1 index created or deleted at a time',
    source: reference('UpdateTable'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, state: { S: 'open' } } }));
      const index = (IndexName: string) => ({
        Create: { IndexName, KeySchema: [hash('state')], Projection: { ProjectionType: 'ALL' as const } },
      });
      const input = { TableName, AttributeDefinitions: [attribute('state')] };
      const both = new UpdateTableCommand({ ...input, GlobalSecondaryIndexUpdates: [index('one'), index('two')] });
      expect((await refusal(dynamodb.send(both))).name).toBe('LimitExceededException');
      await dynamodb.send(new UpdateTableCommand({ ...input, GlobalSecondaryIndexUpdates: [index('byState')] }));
      await settled(target, dynamodb, TableName);
      const query = new QueryCommand({
        TableName,
        IndexName: 'byState',
        KeyConditionExpression: '#s = :open',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':open': { S: 'open' } },
      });
      const { Items } = await target.until(async () => {
        const answer = await dynamodb.send(query);
        expect(answer.Count).toBe(1);
        return answer;
      });
      expect(Items).toEqual([{ id: { S: 'a' }, state: { S: 'open' } }]);
    },
  },
  {
    operation: 'UpdateTable',
    beside: ['UpdateItem', 'DeleteItem', 'Scan'],
    claim: 'leaves items out of a new index whose attributes cannot be its keys; they can still be written',
    source: guide('Detecting and correcting index key violations in DynamoDB'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const states = [{ S: 'open' }, { N: '1' }, { BOOL: true }, { L: [] }, { S: '' }];
      for (const [i, state] of states.entries()) {
        await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: `${i}` }, state } }));
      }
      const Create = {
        IndexName: 'byState',
        KeySchema: [hash('state')],
        Projection: { ProjectionType: 'ALL' as const },
      };
      await dynamodb.send(
        new UpdateTableCommand({
          TableName,
          AttributeDefinitions: [attribute('state')],
          GlobalSecondaryIndexUpdates: [{ Create }],
        }),
      );
      await settled(target, dynamodb, TableName);
      const { Items } = await dynamodb.send(new ScanCommand({ TableName, IndexName: 'byState' }));
      expect(Items?.map(({ id }) => id?.S)).toEqual(['0']);
      for (const [i] of states.entries()) {
        const Key = { id: { S: `${i}` } };
        const change = { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } };
        await dynamodb.send(new UpdateItemCommand({ TableName, Key, ...change }));
        await dynamodb.send(new DeleteItemCommand({ TableName, Key }));
      }
      expect((await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }))).Count).toBe(0);
    },
  },
  {
    operation: 'UpdateTable',
    claim: 'refuses to change a table that is changing',
    source: reference('UpdateTable'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target);
      const change = (DeletionProtectionEnabled: boolean) =>
        dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
      await change(true);
      expect((await refusal(change(false))).name).toBe('ResourceInUseException');
      await settled(target, dynamodb, TableName);
      await change(false);
      await settled(target, dynamodb, TableName);
    },
  },
  {
    operation: 'DeleteTable',
    claim: 'refuses while deletion protection is on',
    source: guide('Using deletion protection'),
    async run(target) {
      const { dynamodb, TableName } = await newTable(target, { DeletionProtectionEnabled: true });
      target.afterwards(async () => {
        await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        await settled(target, dynamodb, TableName);
      });
      expect(await refusal(dynamodb.send(new DeleteTableCommand({ TableName })))).toEqual({
        name: 'ValidationException',
        message:
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      });
    },
  },
];
