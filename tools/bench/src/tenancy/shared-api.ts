import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  CreateRestApiCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssociateWebACLCommand, CreateWebACLCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { zipSync } from 'fflate';
import type { CloudProcess } from '../cloud/cloud-process.ts';
import { createFunction, createRole } from '../functions.ts';
import { addPlan, deploy, mockPath, stageName } from '../mock-api.ts';

const workspace = fileURLToPath(new URL('../../../..', import.meta.url));
/** Each has a plan of its own name. */
export const tenants = ['calm', 'loud'] as const;
export type TenantName = (typeof tenants)[number];
const tenantId = (name: TenantName) => `${name}-0123456789abcdefghij`;
const apiKey = (name: TenantName) => `${tenantId(name)}.0123456789`;
const table = 'tenants';

/** The authorizer of the pattern multi-tenant-api as it is deployed. */
export async function authorizerBundle(): Promise<Uint8Array> {
  await promisify(execFile)('nx', ['run', '@stackyard/multi-tenant-api:build', '--outputStyle=static'], {
    cwd: workspace,
  });
  return readFile(`${workspace}packages/tenancy/multi-tenant-api/dist/authorizer/authorizer.mjs`);
}

export const zipped = (bundle: Uint8Array) => zipSync({ 'authorizer.mjs': bundle });

/** Tenants with a signed-in user each: the table, the pool, and the authorizer as a function. Resolves with the users' ID tokens. */
export async function createAuthorizer(
  cloud: CloudProcess,
  FunctionName: string,
  bundle: Uint8Array,
): Promise<Readonly<Record<TenantName, string>>> {
  const { tokens, ...pool } = await signedIn(cloud);
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
  for (const slug of tenants) {
    const key = { pk: tenantId(slug), sk: 'TENANT', tenantId: tenantId(slug), apiKey: apiKey(slug) };
    const row = { ...key, slug, plan: 'standard', status: 'ACTIVE' };
    const Item = Object.fromEntries(Object.entries(row).map(([name, S]) => [name, { S }]));
    await dynamo.send(new PutItemCommand({ TableName: table, Item }));
  }

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
  return tokens;
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
  const Password = 'Correct-horse-1';
  const signIn = async (Username: TenantName) => {
    const UserAttributes = [{ Name: 'custom:tenant_id', Value: tenantId(Username) }];
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
    return AuthenticationResult?.IdToken ?? '';
  };
  return {
    USER_POOL_ID: UserPoolId ?? '',
    CLIENT_ID: UserPoolClient?.ClientId ?? '',
    tokens: { calm: await signIn('calm'), loud: await signIn('loud') },
  };
}

/**
 * An API answered by mocks: `/open` to everybody, `/products` by the authorizer and within a plan. Before it stand a web ACL and behind
 * it an access log, as in the pattern. Resolves with its URL.
 */
export async function createApi({ client, endpoint }: CloudProcess, FunctionName: string): Promise<string> {
  const sdk = new APIGatewayClient(client);
  const lambda = new LambdaClient(client);
  const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Principal = 'apigateway.amazonaws.com';
  const permission = { FunctionName, Principal, StatementId: 'gateway', Action: 'lambda:InvokeFunction' };
  await lambda.send(new AddPermissionCommand(permission));
  const { id: restApiId = '', rootResourceId: parentId } = await sdk.send(
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
  await deploy(sdk, restApiId);
  for (const name of tenants) {
    const throttle = name === 'loud' ? loudLimits : undefined;
    await addPlan(sdk, restApiId, { name, apiKey: apiKey(name), ...(throttle && { throttle }) });
  }
  await guard(client, restApiId);
  await logAccess(client, restApiId);
  return `${endpoint}/execute-api/${restApiId}/${stageName}`;
}

/** What the loud tenant's plan allows. */
export const loudLimits = { rateLimit: 10, burstLimit: 10 };

/** The web ACL that the pattern has before its stage; too high to block anybody. */
async function guard(client: CloudProcess['client'], restApiId: string): Promise<void> {
  const waf = new WAFV2Client(client);
  const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'guard' };
  const RateBasedStatement = { Limit: 2_000_000, AggregateKeyType: 'IP', EvaluationWindowSec: 300 } as const;
  const rule = { Name: 'address-rate', Priority: 0, Action: { Block: {} }, VisibilityConfig };
  const { Summary } = await waf.send(
    new CreateWebACLCommand({
      Name: 'guard',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig,
      Rules: [{ ...rule, Statement: { RateBasedStatement } }],
    }),
  );
  const ResourceArn = `arn:aws:apigateway:${client.region}::/restapis/${restApiId}/stages/${stageName}`;
  await waf.send(new AssociateWebACLCommand({ WebACLArn: Summary?.ARN, ResourceArn }));
}

/** An access log with a line for every request, the refused ones as well, as the pattern keeps it. */
async function logAccess(client: CloudProcess['client'], restApiId: string): Promise<void> {
  const iam = new IAMClient(client);
  const RoleName = 'gateway-logs';
  const trust = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const logGroupName = 'access';
  await new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName }));
  const sdk = new APIGatewayClient(client);
  const replace = (path: string, value: string | undefined) => ({ op: 'replace' as const, path, value });
  await sdk.send(new UpdateAccountCommand({ patchOperations: [replace('/cloudwatchRoleArn', Role?.Arn)] }));
  const destination = `arn:aws:logs:${client.region}:000000000000:log-group:${logGroupName}`;
  const format = '{"id":"$context.requestId","status":"$context.status","tenant":"$context.authorizer.tenantId"}';
  const patchOperations = [
    replace('/accessLogSettings/destinationArn', destination),
    replace('/accessLogSettings/format', format),
  ];
  await sdk.send(new UpdateStageCommand({ restApiId, stageName, patchOperations }));
}
