import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { dynamoTenantStore } from '../tenants/dynamo-tenant-store.ts';
import { decide, tenantIdOf } from './decide.ts';
import { tokenVerifier } from './verify-token.ts';

const { USER_POOL_ID = '', CLIENT_ID = '', TENANTS_TABLE = '' } = process.env;
const store = dynamoTenantStore(DynamoDBDocumentClient.from(new DynamoDBClient({})), TENANTS_TABLE);
const verify = tokenVerifier({ userPoolId: USER_POOL_ID, clientId: CLIENT_ID });

/** Says for API Gateway whose a token is and by which key its requests are counted. */
export const handler = withLogger<APIGatewayTokenAuthorizerEvent, APIGatewayAuthorizerResult>(
  async ({ authorizationToken, methodArn }) => {
    const claims = await verify(authorizationToken);
    if ('refusal' in claims) {
      logger.warn('refused', { reason: claims.refusal });
      // The one message that API Gateway answers with 401.
      throw new Error('Unauthorized');
    }
    const tenantId = tenantIdOf(claims);
    const tenant = tenantId === undefined ? undefined : await store.find(tenantId);
    logger.info('decided', { tenantId, status: tenant?.status, user: claims.sub });
    return decide(claims, tenant, methodArn);
  },
);
