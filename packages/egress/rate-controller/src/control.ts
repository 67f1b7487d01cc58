import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLimiter, definePolicy, type PolicyInput } from '@stackyard/rate-control';
import { dynamoDbStore } from '@stackyard/rate-control/dynamodb';

/** The policy that the stack's settings hold. */
export const policy = definePolicy(JSON.parse(process.env['POLICY'] ?? '{}') as PolicyInput);

/** The permits of the policy. The store tries again by itself, the client must not. */
export const store = dynamoDbStore({
  client: new DynamoDBClient({ maxAttempts: 1 }),
  tableName: process.env['PERMITS_TABLE'] ?? '',
});

const whenStoreFails = process.env['WHEN_STORE_FAILS'] === 'open' ? 'open' : 'closed';

/** This environment's limiter. */
export const limiter = createLimiter({ policy, store, whenStoreFails });
