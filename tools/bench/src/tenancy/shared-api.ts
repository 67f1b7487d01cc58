import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { APIGatewayClient, CreateAuthorizerCommand, CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { CloudProcess } from '../cloud/cloud-process.ts';
import { createFunction, createRole } from '../functions.ts';
import { deployWithPlan, mockPath, stageName } from '../mock-api.ts';

const workspace = fileURLToPath(new URL('../../../..', import.meta.url));
const tenantId = 'bench-0123456789abcdefghij';
const apiKey = `${tenantId}.0123456789`;
const table = 'tenants';

/** The authorizer of the pattern multi-tenant-api as it is deployed. */
export async function authorizerBundle(): Promise<Uint8Array> {
  await promisify(execFile)('nx', ['run', '@stackyard/multi-tenant-api:build', '--outputStyle=static'], {
    cwd: workspace,
  });
  return readFile(`${workspace}packages/tenancy/multi-tenant-api/dist/authorizer/authorizer.mjs`);
}

export const zipped = (bundle: Uint8Array) => zipSync({ 'authorizer.mjs': bundle });

/** A tenant with a signed-in user: the table, the pool, and the authorizer as a function. Resolves with the user's ID token. */
export async function createAuthorizer(cloud: CloudProcess, FunctionName: string, bundle: Uint8Array): Promise<string> {
  const { token, ...pool } = await signedIn(cloud);
  const dynamo = new DynamoDBClient(cloud.client);
  const keys = { pk: 'HASH', sk: 'RANGE' } as const;
  await dynamo.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: Object.keys(keys).map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: Object.entries(keys).map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    }),
  );
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 30, minDelay: 1 }, { TableName: table });
  const row = { pk: tenantId, sk: 'TENANT', tenantId, slug: 'bench', plan: 'standard', status: 'ACTIVE', apiKey };
  const Item = Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }]));
  await dynamo.send(new PutItemCommand({ TableName: table, Item }));

  const Role = await createRole(cloud);
  const Statement = [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: `arn:aws:dynamodb:*:*:table/${table}` }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await new IAMClient(cloud.client).send(
    new PutRolePolicyCommand({ RoleName: 'bench', PolicyName: 'table', PolicyDocument }),
  );
  await createFunction(cloud, {
    FunctionName,
    Role,
    Handler: 'authorizer.handler',
    Code: { ZipFile: zipped(bundle) },
    Environment: { Variables: { ...pool, TENANTS_TABLE: table } },
  });
  return token;
}

async function signedIn({ client }: CloudProcess) {
  const cognito = new CognitoIdentityProviderClient(client);
  const Schema = [{ Name: 'tenant_id', AttributeDataType: 'String' as const, Mutable: false }];
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'bench', Schema }));
  const UserPoolId = UserPool?.Id;
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'bench',
      ReadAttributes: ['custom:tenant_id'],
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  );
  const [Username, Password] = ['ann', 'Correct-horse-1'];
  const UserAttributes = [{ Name: 'custom:tenant_id', Value: tenantId }];
  await cognito.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }));
  await cognito.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { AuthenticationResult } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: UserPoolClient?.ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  return {
    USER_POOL_ID: UserPoolId ?? '',
    CLIENT_ID: UserPoolClient?.ClientId ?? '',
    token: AuthenticationResult?.IdToken ?? '',
  };
}

/** An API answered by mocks: `/open` to everybody, `/products` by the authorizer and within a plan. Resolves with its URL. */
export async function createApi({ client, endpoint }: CloudProcess, FunctionName: string): Promise<string> {
  const sdk = new APIGatewayClient(client);
  const lambda = new LambdaClient(client);
  const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Principal = 'apigateway.amazonaws.com';
  const permission = { FunctionName, Principal, StatementId: 'gateway', Action: 'lambda:InvokeFunction' };
  await lambda.send(new AddPermissionCommand(permission));
  const { id: restApiId, rootResourceId: parentId } = await sdk.send(
    new CreateRestApiCommand({ name: 'tenancy', apiKeySource: 'AUTHORIZER' }),
  );
  const { id: authorizerId } = await sdk.send(
    new CreateAuthorizerCommand({
      restApiId,
      name: 'tokens',
      type: 'TOKEN',
      identitySource: 'method.request.header.Authorization',
      authorizerUri: `arn:aws:apigateway:${client.region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`,
      authorizerResultTtlInSeconds: 60,
    }),
  );
  const parent = { restApiId, parentId };
  await mockPath(sdk, parent, 'open', { authorizationType: 'NONE' });
  await mockPath(sdk, parent, 'products', { authorizationType: 'CUSTOM', authorizerId, apiKeyRequired: true });
  await deployWithPlan(sdk, restApiId, apiKey);
  return `${endpoint}/execute-api/${restApiId}/${stageName}`;
}
