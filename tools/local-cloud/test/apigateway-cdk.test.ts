import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  JsonSchemaType,
  LambdaIntegration,
  MockIntegration,
  Period,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const respond =
  'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? null) });';
const authorize = `exports.handler = async ({ authorizationToken, methodArn }) => ({
  principalId: 'user',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] },
  usageIdentifierKey: authorizationToken.slice(7),
});`;

/** A template as CDK's constructs make it. */
function template({ limit = 3, greeting = 'hello' } = {}): string {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Shop');
  const code = (id: string, source: string) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(source),
    });
  const api = new RestApi(stack, 'Api', {
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    cloudWatchRole: true,
    defaultCorsPreflightOptions: {
      allowOrigins: ['https://a.example', 'https://b.example'],
      maxAge: Duration.minutes(3),
    },
    deployOptions: {
      stageName: 'dev',
      throttlingRateLimit: 1000,
      throttlingBurstLimit: 500,
      variables: { colour: 'blue' },
    },
  });
  const authorizer = new TokenAuthorizer(stack, 'Authorizer', {
    handler: code('Authorize', authorize),
    validationRegex: '^Bearer .+',
  });
  const products = api.root.addResource('products');
  const get = products.addMethod('GET', new LambdaIntegration(code('Respond', respond)), {
    apiKeyRequired: true,
    authorizer,
  });
  products.addMethod(
    'POST',
    new MockIntegration({
      requestTemplates: { 'application/json': '{"statusCode":200}' },
      integrationResponses: [
        { statusCode: '200', responseTemplates: { 'application/json': JSON.stringify({ greeting }) } },
      ],
    }),
    {
      methodResponses: [{ statusCode: '200' }],
      requestModels: {
        'application/json': api.addModel('Product', { schema: { type: JsonSchemaType.OBJECT, required: ['name'] } }),
      },
      requestValidatorOptions: { validateRequestBody: true },
    },
  );
  const plan = api.addUsagePlan('Plan', {
    quota: { limit, period: Period.DAY },
    throttle: { rateLimit: 1000, burstLimit: 200 },
    apiStages: [
      { api, stage: api.deploymentStage, throttle: [{ method: get, throttle: { rateLimit: 500, burstLimit: 100 } }] },
    ],
  });
  plan.addApiKey(api.addApiKey('Key', { value: 'a-tenant-with-20-characters' }));
  api.addGatewayResponse('Throttled', {
    type: ResponseType.QUOTA_EXCEEDED,
    responseHeaders: { 'Retry-After': "'60'" },
    templates: { 'application/json': '{"title":$context.error.messageString}' },
  });
  const { template: text } = (stack.node.root as App).synth().getStackByName('Shop');
  // The bootstrap version is what CDK's own check reads from SSM.
  const { Parameters: _parameters, Rules: _rules, ...rest } = text;
  return JSON.stringify(rest);
}

async function urlOf(StackName: string): Promise<string> {
  const stack = await cloud.describe(StackName);
  const url = new URL(stack?.Outputs?.find(({ OutputKey }) => OutputKey?.startsWith('ApiEndpoint'))?.OutputValue ?? '');
  return `${cloud.endpoint}/execute-api/${url.hostname.split('.')[0]}${url.pathname}`;
}

const bearer = { headers: { authorization: 'Bearer a-tenant-with-20-characters' } };

test('a REST API of CDK is deployed, called, changed and deleted', { timeout: 60_000 }, async () => {
  const created = await cloud.create('Shop', template());
  expect(created?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('CREATE_COMPLETE');
  const url = await urlOf('Shop');

  const allowed = await fetch(`${url}products`, bearer);
  expect([allowed.status, await allowed.json()]).toMatchObject([200, { principalId: 'user' }]);
  expect((await fetch(`${url}products`)).status).toBe(401);

  const preflight = await fetch(`${url}products`, {
    method: 'OPTIONS',
    headers: { origin: 'https://b.example', 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://b.example');
  expect(preflight.headers.get('access-control-max-age')).toBe('180');

  const post = (body: object) =>
    fetch(`${url}products`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect(await (await post({ name: 'tea' })).json()).toEqual({ greeting: 'hello' });
  expect([(await post({})).status, await (await post({})).json()]).toEqual([400, { message: 'Invalid request body' }]);

  await fetch(`${url}products`, bearer);
  await fetch(`${url}products`, bearer);
  const spent = await fetch(`${url}products`, bearer);
  expect([spent.status, spent.headers.get('retry-after'), await spent.json()]).toEqual([
    429,
    '60',
    { title: 'Limit Exceeded' },
  ]);

  const updated = await cloud.update('Shop', template({ limit: 4, greeting: 'good day' }));
  expect(updated?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('UPDATE_COMPLETE');
  expect(await (await post({ name: 'tea' })).json()).toEqual({ greeting: 'good day' });
  expect((await fetch(`${url}products`, bearer)).status).toBe(200);
  expect((await fetch(`${url}products`, bearer)).status).toBe(429);

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: created?.StackId }));
  expect((await cloud.settled(created?.StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
  expect((await fetch(`${url}products`, bearer)).status).toBe(403);
});
