import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoTenantStore } from './tenants/dynamo-tenant-store.ts';
import { gatewayKeys } from './tenants/gateway-keys.ts';
import { poolUsers } from './tenants/pool-users.ts';
import type { Ports } from './tenants/ports.ts';
import { usagePlanIds } from './usage-plans.ts';

/** The table, the gateway and the pool that the stack names in the environment. */
export function awsPorts(): Ports {
  const { TENANTS_TABLE = '', USER_POOL_ID = '', STACK_NAME = '' } = process.env;
  const gateway = new APIGatewayClient({});
  // Removing undefined members is what makes an optional member of a tenant absent in its row.
  const marshallOptions = { removeUndefinedValues: true };
  return {
    store: dynamoTenantStore(DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions }), TENANTS_TABLE),
    keys: gatewayKeys(gateway, usagePlanIds(gateway, STACK_NAME), STACK_NAME),
    users: poolUsers(new CognitoIdentityProviderClient({}), USER_POOL_ID),
    now: () => new Date().toISOString(),
  };
}
