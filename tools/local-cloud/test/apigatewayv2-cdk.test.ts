import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud } from './cloudformation-support.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

function template(paths: readonly string[]): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Shop');
  const code = (id: string, source: string) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline(source),
    });
  const api = new HttpApi(stack, 'Api', {
    corsPreflight: {
      allowOrigins: ['https://a.example'],
      allowMethods: [CorsHttpMethod.GET],
      maxAge: Duration.minutes(1),
    },
  });
  const authorizer = new HttpLambdaAuthorizer(
    'Authorizer',
    code('Authorize', 'exports.handler = async ({ identitySource: [token] }) => ({ isAuthorized: token === "yes" });'),
    { responseTypes: [HttpLambdaResponseType.SIMPLE] },
  );
  const integration = new HttpLambdaIntegration(
    'Integration',
    code('Respond', 'exports.handler = async ({ routeKey }) => ({ routeKey });'),
  );
  for (const path of paths) api.addRoutes({ path, methods: [HttpMethod.GET], integration, authorizer });
  new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
  const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Shop').template;
  return JSON.stringify(rest);
}

test('an HTTP API of CDK is deployed, called, changed and deleted', { timeout: 60_000 }, async () => {
  const created = await cloud.create('Shop', template(['/orders/{id}']));
  expect(created?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('CREATE_COMPLETE');
  const url = new URL(created?.Outputs?.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue ?? '');
  const call = async (path: string, authorization = 'yes') => {
    const base = `${cloud.endpoint}/execute-api/${url.hostname.split('.')[0]}`;
    const response = await fetch(base + path, { headers: { authorization, origin: 'https://a.example' } });
    return [response.status, response.headers.get('access-control-allow-origin'), await response.json()];
  };
  expect(await call('/orders/7')).toEqual([200, 'https://a.example', { routeKey: 'GET /orders/{id}' }]);
  expect(await call('/orders/7', 'no')).toEqual([403, 'https://a.example', { message: 'Forbidden' }]);

  const updated = await cloud.update('Shop', template(['/orders/{id}', '/report']));
  expect(updated?.StackStatus, (await cloud.events('Shop')).join('\n')).toBe('UPDATE_COMPLETE');
  expect(await call('/report')).toEqual([200, 'https://a.example', { routeKey: 'GET /report' }]);

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: created?.StackId }));
  expect((await cloud.settled(created?.StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
});
