import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand as CreateHttpAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCognitoCloud } from './cognito-support.ts';

let cloud: Awaited<ReturnType<typeof startCognitoCloud>>;
let poolId: string;
let clientId: string;
let tokens: { readonly id: string; readonly access: string };
beforeAll(async () => {
  cloud = await startCognitoCloud();
  poolId = await cloud.newPool();
  clientId = (await cloud.newClient(poolId)).ClientId;
  await cloud.newUser(poolId, 'ann', [{ Name: 'email', Value: 'ann@example.com' }]);
  const { AuthenticationResult: result } = await cloud.signIn(clientId, 'ann');
  tokens = { id: result?.IdToken ?? '', access: result?.AccessToken ?? '' };
});
afterAll(() => cloud.close());

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** A REST API that lets users of the pool in: `/me` with ID tokens, `/scoped` with access tokens of a scope. */
async function restApi(): Promise<string> {
  const gateway = cloud.client(APIGatewayClient);
  const { id: restApiId, rootResourceId: parentId } = await gateway.send(new CreateRestApiCommand({ name: 'shop' }));
  const providerARNs = [`arn:aws:cognito-idp:us-east-1:000000000000:userpool/${poolId}`];
  const identitySource = 'method.request.header.Authorization';
  const authorizer = { restApiId, name: 'users', type: 'COGNITO_USER_POOLS', providerARNs, identitySource } as const;
  const { id: authorizerId } = await gateway.send(new CreateAuthorizerCommand(authorizer));
  for (const [pathPart, authorizationScopes] of [
    ['me', []],
    ['scoped', ['aws.cognito.signin.user.admin']],
    ['foreign', ['shop/read']],
  ] as const) {
    const { id: resourceId } = await gateway.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
    const method = { restApiId, resourceId, httpMethod: 'GET' };
    const authorization = {
      authorizationType: 'COGNITO_USER_POOLS',
      authorizerId,
      authorizationScopes: [...authorizationScopes],
    };
    await gateway.send(new PutMethodCommand({ ...method, ...authorization }));
    await gateway.send(new PutMethodResponseCommand({ ...method, statusCode: '200' }));
    const requestTemplates = { 'application/json': '{"statusCode":200}' };
    await gateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK', requestTemplates }));
    const responseTemplates = { 'application/json': '{"email":"$context.authorizer.claims.email"}' };
    await gateway.send(new PutIntegrationResponseCommand({ ...method, statusCode: '200', responseTemplates }));
  }
  await gateway.send(new CreateDeploymentCommand({ restApiId, stageName: 'test' }));
  return `${cloud.endpoint}/execute-api/${restApiId}/test`;
}

test('a REST API lets users of a pool in, by ID token, or by access token where it wants a scope', async () => {
  const url = await restApi();
  const me = await fetch(`${url}/me`, bearing(tokens.id));
  expect([me.status, await me.json()]).toEqual([200, { email: 'ann@example.com' }]);
  const status = async (path: string, token: string) => (await fetch(url + path, bearing(token))).status;
  expect(await status('/me', tokens.access)).toBe(401);
  expect(await status('/scoped', tokens.access)).toBe(200);
  expect(await status('/scoped', tokens.id)).toBe(401);
  expect(await status('/foreign', tokens.access)).toBe(401);
});

test('a token of another pool, a changed one and an old one are unauthorized', async () => {
  const url = await restApi();
  const other = await cloud.newPool();
  const { ClientId } = await cloud.newClient(other);
  await cloud.newUser(other, 'ben');
  const { AuthenticationResult } = await cloud.signIn(ClientId, 'ben');
  const answer = async (token: string) => {
    const response = await fetch(`${url}/me`, bearing(token));
    return [response.status, await response.json()];
  };
  const unauthorized = [401, { message: 'Unauthorized' }];
  expect(await answer(AuthenticationResult?.IdToken ?? '')).toEqual(unauthorized);
  const [head, , signature] = tokens.id.split('.');
  const claims = Buffer.from(JSON.stringify({ email: 'admin@example.com', token_use: 'id' })).toString('base64url');
  expect(await answer(`${head}.${claims}.${signature}`)).toEqual(unauthorized);
  await cloud.cloud.clock.advance(2 * 3_600_000);
  expect(await answer(tokens.id)).toEqual([401, { message: 'The incoming token has expired' }]);
});

test('an HTTP API takes a pool as the issuer of its tokens', async () => {
  const { AuthenticationResult } = await cloud.signIn(clientId, 'ann');
  const client = cloud.client(ApiGatewayV2Client);
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'shop', ProtocolType: 'HTTP' }));
  const { AuthorizerId } = await client.send(
    new CreateHttpAuthorizerCommand({
      ApiId,
      Name: 'users',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`, Audience: [clientId] },
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: `${cloud.endpoint}/${poolId}/.well-known/jwks.json`,
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /keys', Target, AuthorizationType: 'JWT', AuthorizerId }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  const status = async (token: string | undefined) =>
    (await fetch(`${cloud.endpoint}/execute-api/${ApiId}/keys`, bearing(token ?? ''))).status;
  // ID tokens have the client as their audience, access tokens as their client_id.
  expect(await status(AuthenticationResult?.IdToken)).toBe(200);
  expect(await status(AuthenticationResult?.AccessToken)).toBe(200);
  expect(await status('garbage')).toBe(401);
});
