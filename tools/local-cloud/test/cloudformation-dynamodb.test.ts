import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  cloud = await startStackCloud();
  dynamodb = cloud.client(DynamoDBClient);
});
afterAll(() => cloud.close());

const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
const index = (IndexName: string, key: string) => ({
  IndexName,
  KeySchema: [hash(key)],
  Projection: { ProjectionType: 'ALL' },
});

const table = (properties: object) => ({
  Orders: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [attribute('id')],
      KeySchema: [hash('id')],
      BillingMode: 'PAY_PER_REQUEST',
      ...properties,
    },
  },
});

const described = async (TableName: string | undefined) =>
  (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;

async function tableOf(stack: string) {
  const { Orders } = (await cloud.physicalIds(stack)) as { Orders: string };
  return Orders;
}

describe('AWS::DynamoDB::Table', () => {
  it('is created with its stream, expiry, recovery and tags, and keeps its items over an update', async () => {
    const streamArn = { Arn: { Value: { 'Fn::GetAtt': ['Orders', 'StreamArn'] } } };
    const before = table({
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Tags: [{ Key: 'team', Value: 'orders' }],
    });
    const stack = await cloud.create('kept', JSON.stringify({ Resources: before, Outputs: streamArn }));
    expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
    const TableName = await tableOf('kept');
    const created = await described(TableName);
    expect(stack?.Outputs?.[0]?.OutputValue).toBe(created?.LatestStreamArn);
    expect(created?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
    const expiry = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(expiry.TimeToLiveDescription?.AttributeName).toBe('expires');
    const backups = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
    const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: created?.TableArn }));
    expect(Tags).toContainEqual({ Key: 'team', Value: 'orders' });

    const Item = { id: { S: 'a' }, state: { S: 'open' } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
    const after = table({
      AttributeDefinitions: [attribute('id'), attribute('state')],
      GlobalSecondaryIndexes: [index('byState', 'state')],
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    });
    const units = { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } };
    Object.assign(after.Orders.Properties, { GlobalSecondaryIndexes: [{ ...index('byState', 'state'), ...units }] });
    const updated = await cloud.update('kept', template(after));
    expect(updated?.StackStatus, (await cloud.events('kept')).join('\n')).toBe('UPDATE_COMPLETE');
    expect(await tableOf('kept')).toBe(TableName);
    const changed = await described(TableName);
    expect(changed).toMatchObject({
      BillingModeSummary: { BillingMode: 'PROVISIONED' },
      GlobalSecondaryIndexes: [{ ItemCount: 1 }],
    });
    expect(changed?.StreamSpecification).toBeUndefined();
    expect((await dynamodb.send(new GetItemCommand({ TableName, Key: { id: Item.id } }))).Item).toEqual(Item);
  });

  it('is replaced when its key changes, and gone when its stack is deleted', async () => {
    await cloud.create('replaced', template(table({})));
    const first = await tableOf('replaced');
    const other = { AttributeDefinitions: [attribute('key')], KeySchema: [hash('key')] };
    expect((await cloud.update('replaced', template(table(other))))?.StackStatus).toBe('UPDATE_COMPLETE');
    const second = await tableOf('replaced');
    expect(second).not.toBe(first);
    const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
    expect(TableNames).toContain(second);
    expect(TableNames).not.toContain(first);
  });

  it('refuses two new indexes in one update, as CloudFormation does, and rolls back', async () => {
    await cloud.create('indexes', template(table({})));
    const two = table({
      AttributeDefinitions: [attribute('id'), attribute('a'), attribute('b')],
      GlobalSecondaryIndexes: [index('byA', 'a'), index('byB', 'b')],
    });
    expect((await cloud.update('indexes', template(two)))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await cloud.events('indexes')).join('\n')).toContain(
      'Cannot perform more than one GSI creation or deletion',
    );
  });
});

describe('AWS::DynamoDB::GlobalTable', () => {
  const globalTable = (Replicas: object[]) => ({
    Orders: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        AttributeDefinitions: [attribute('id'), attribute('state')],
        KeySchema: [hash('id')],
        BillingMode: 'PROVISIONED',
        GlobalSecondaryIndexes: [
          {
            ...index('byState', 'state'),
            WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaling(2) },
          },
        ],
        WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaling(3) },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas,
      },
    },
  });
  const scaling = (MinCapacity: number) => ({
    MinCapacity,
    MaxCapacity: 10,
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
  });
  const reading = { ReadProvisionedThroughputSettings: { ReadCapacityUnits: 5 } };
  const replica = {
    ...reading,
    GlobalSecondaryIndexes: [{ IndexName: 'byState', ...reading }],
    DeletionProtectionEnabled: false,
  };

  it("is CDK's TableV2: a table with the one replica of its Region", async () => {
    const stack = await cloud.create('global', template(globalTable([{ Region: 'us-east-1', ...replica }])));
    expect(stack?.StackStatus, (await cloud.events('global')).join('\n')).toBe('CREATE_COMPLETE');
    expect(await described(await tableOf('global'))).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 3 },
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 } }],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('says that replicas in other Regions are not there', async () => {
    const replicas = [
      { Region: 'us-east-1', ...replica },
      { Region: 'eu-west-1', ...replica },
    ];
    await cloud.create('two-regions', template(globalTable(replicas)));
    expect((await cloud.events('two-regions')).join('\n')).toContain('no replicas in other Regions');
  });
});
