import { ConditionalCheckFailedException, DynamoDB, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { startCloudProcess } from '../cloud/cloud-process.ts';

/** Whose partition key is what. */
export const tables = { permits: 'name', counters: 'key' } as const;

/** Units of capacity, and the requests that took them. */
interface Consumed {
  requests: number;
  writeUnits: number;
  readUnits: number;
}

/** The DynamoDB of an embedded cloud of its own, with the tables that limiters keep their state in. */
export async function startDynamoDb() {
  const cloud = await startCloudProcess();
  const consumed: Consumed = { requests: 0, writeUnits: 0, readUnits: 0 };
  const clients: DynamoDB[] = [];
  /** Without retries of its own, which would hide what a limiter asks for. */
  const connect = () => {
    const client = new DynamoDB({ ...cloud.client, maxAttempts: 1 });
    count(client, consumed);
    clients.push(client);
    return client;
  };
  const own = new DynamoDB(cloud.client);
  for (const [TableName, AttributeName] of Object.entries(tables)) {
    await own.createTable({
      TableName,
      AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
      KeySchema: [{ AttributeName, KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await waitUntilTableExists({ client: own, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { TableName });
  }
  return {
    connect,
    consumed,
    async close() {
      for (const client of [own, ...clients]) client.destroy();
      await cloud.kill('SIGTERM');
    },
  };
}

export type RunningDynamoDb = Awaited<ReturnType<typeof startDynamoDb>>;

/** Has each answer say what it consumed, and adds it up. */
function count(client: DynamoDB, consumed: Consumed): void {
  let lastWrite = 1;
  client.middlewareStack.add(
    (next) => async (args) => {
      consumed.requests += 1;
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      try {
        const result = await next(args);
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: { CapacityUnits?: number } };
        const units = ConsumedCapacity?.CapacityUnits ?? 0;
        if ('UpdateExpression' in args.input) {
          consumed.writeUnits += units;
          lastWrite = units;
        } else consumed.readUnits += units;
        return result;
      } catch (error) {
        // "If a ConditionExpression evaluates to false, DynamoDB still consumes write capacity", by the item that is there.
        if (error instanceof ConditionalCheckFailedException) consumed.writeUnits += lastWrite;
        throw error;
      }
    },
    { step: 'initialize' },
  );
}
