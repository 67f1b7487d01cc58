import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { startTestCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoDbStore } from '../../src/stores/dynamodb.ts';
import { storeContract } from './contract.ts';

describe('DynamoDB', () => {
  const tableName = 'permits';
  let cloud: Awaited<ReturnType<typeof startTestCloud>>;
  beforeAll(async () => {
    cloud = await startTestCloud();
    const key = { KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' as const }] };
    const AttributeDefinitions = [{ AttributeName: 'name', AttributeType: 'S' as const }];
    const client = cloud.client(DynamoDBClient);
    await client.send(
      new CreateTableCommand({ TableName: tableName, ...key, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.1, maxDelay: 0.1 }, { TableName: tableName });
  });
  afterAll(() => cloud.close());
  storeContract(() => dynamoDbStore({ client: cloud.client(DynamoDBClient), tableName }));
});
