import { UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AttachRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, startApiCloud } from './apigateway-support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
  await cloud.handler('shop');
});
afterAll(() => cloud.close());

const messagesOf = async (logGroupName: string) => {
  const { events = [] } = await cloud.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => message);
};

async function allowLogs() {
  const trust = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await cloud.iam.send(new CreateRoleCommand({ RoleName: 'Logs', AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
  await cloud.iam.send(new AttachRolePolicyCommand({ RoleName: 'Logs', PolicyArn }));
  const value = 'arn:aws:iam::000000000000:role/Logs';
  const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value }];
  await cloud.gateway.send(new UpdateAccountCommand({ patchOperations }));
}

test('a stage writes a line for every request, once the account has a role for it', async () => {
  const api = await cloud.api({ 'GET /orders/{id}': { mock: {} } });
  await cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'access' }));
  const format =
    '{"id":"$context.requestId","path":"$context.resourcePath","status":$context.status,"user":"$context.authorizer.principalId","error":"$context.error.responseType"}';
  const enable = () =>
    api.stage(
      {
        op: 'replace',
        path: '/accessLogSettings/destinationArn',
        value: 'arn:aws:logs:us-east-1:000000000000:log-group:access',
      },
      { op: 'replace', path: '/accessLogSettings/format', value: format },
    );
  await expect(enable()).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
  });
  await allowLogs();
  await enable();
  const { headers } = await api.call('/orders/7');
  await api.call('/nowhere');
  await eventually(async () => {
    const lines = (await messagesOf('access')).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(lines).toContainEqual({
      id: headers.get('x-amzn-requestid'),
      path: '/orders/{id}',
      status: 200,
      user: '-',
      error: '-',
    });
    expect(lines).toContainEqual(expect.objectContaining({ status: 403, error: 'MISSING_AUTHENTICATION_TOKEN' }));
  });
});

describe('the execution log says what went wrong where the client is told nothing', () => {
  const mock = { integration: { type: 'MOCK', requestTemplates: { 'application/json': '{}' } } } as const;

  test.each([
    ['a template without a status', 'GET', { 'GET /': mock }, undefined, 500, /renders no statusCode$/],
    ['a function that throws', 'POST', { 'POST /': { function: 'shop' } }, { fail: 'sold out' }, 502, /sold out/],
    ['an answer without a status', 'POST', { 'POST /': { function: 'shop' } }, { answer: 'sold' }, 502, /"statusCode"/],
  ])('%s', async (_, method, routes, body, status, reason) => {
    const api = await cloud.api(routes);
    await api.stage({ op: 'replace', path: '/*/*/logging/loglevel', value: 'ERROR' });
    expect((await api.call('/', { method, ...(body && { body: JSON.stringify(body) }) })).status).toBe(status);
    await eventually(async () => {
      const [failure, end] = await messagesOf(`API-Gateway-Execution-Logs_${api.restApiId}/test`);
      expect(failure).toMatch(/^\([\w-]+\) Execution failed due to configuration error: /);
      expect(failure).toMatch(reason);
      expect(end).toMatch(new RegExp(`Method completed with status: ${status}$`));
    });
  });
});

test('requests and errors are counted by API and stage', async () => {
  const api = await cloud.api({ 'GET /': { mock: {} } }, { settings: { name: 'counted' } });
  await api.call('/');
  await api.call('/');
  await api.call('/nowhere');
  const sum = async (MetricName: string) => {
    const { Datapoints } = await cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApiGateway',
        MetricName,
        Dimensions: [
          { Name: 'ApiName', Value: 'counted' },
          { Name: 'Stage', Value: 'test' },
        ],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 3_600_000),
        Period: 7200,
        Statistics: ['Sum', 'SampleCount'],
      }),
    );
    return Datapoints?.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  expect(await sum('Count')).toBe(3);
  expect(await sum('4XXError')).toBe(1);
  expect(await sum('5XXError')).toBe(0);
});
