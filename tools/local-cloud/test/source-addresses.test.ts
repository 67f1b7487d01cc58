import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  AssociateWebACLCommand,
  CreateWebACLCommand,
  GetWebACLCommand,
  type RateBasedStatement,
  type Rule,
  UpdateWebACLCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
});
afterAll(() => cloud.close());

/** A request that comes from another of this machine's loopback addresses. */
async function from(localAddress: string, url: string): Promise<{ status: number; body: string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { localAddress, agent: false }, resolve).on('error', reject);
  });
  return { status: response.statusCode ?? 0, body: await text(response) };
}

const mock = { body: '{"from": "$context.identity.sourceIp"}' };
const visible = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'guard' };

/** An API behind one rate rule, and how to put another in its place. */
async function guarded(Name: string, statement: RateBasedStatement) {
  const { url, restApiId } = await cloud.api({ 'GET /': { mock } });
  const waf = cloud.client(WAFV2Client);
  const rules = (RateBasedStatement: RateBasedStatement): Rule[] => [
    { Name: 'rate', Priority: 0, Action: { Block: {} }, Statement: { RateBasedStatement }, VisibilityConfig: visible },
  ];
  const acl = { Name, Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig: visible } as const;
  const { Summary } = await waf.send(new CreateWebACLCommand({ ...acl, Rules: rules(statement) }));
  const ResourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}/stages/test`;
  await waf.send(new AssociateWebACLCommand({ WebACLArn: Summary?.ARN, ResourceArn }));
  return {
    url,
    async limit(another: RateBasedStatement) {
      const named = { ...acl, Id: Summary?.Id };
      const { LockToken } = await waf.send(new GetWebACLCommand(named));
      await waf.send(new UpdateWebACLCommand({ ...named, LockToken, Rules: rules(another) }));
    },
  };
}

/** How many of 15 requests pass. */
async function passing(request: (number: number) => Promise<{ status: number }>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 15 }, (_, number) => request(number)));
  return answers.filter(({ status }) => status === 200).length;
}

// Elsewhere 127.0.0.1 is the only loopback address there is.
describe.skipIf(process.platform !== 'linux')('a request is known by the address it comes from', () => {
  test('in what a method is given', async () => {
    const { url } = await cloud.api({ 'GET /': { mock } });
    expect(JSON.parse((await from('127.0.0.2', url)).body)).toEqual({ from: '127.0.0.2' });
  });

  test('in a resource policy', async () => {
    const everything = { Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };
    const Condition = { NotIpAddress: { 'aws:SourceIp': '127.0.0.2/32' } };
    const Statement = [
      { ...everything, Effect: 'Allow' },
      { ...everything, Effect: 'Deny', Condition },
    ];
    const policy = JSON.stringify({ Version: '2012-10-17', Statement });
    const { url } = await cloud.api({ 'GET /': { mock } }, { settings: { policy } });
    expect((await from('127.0.0.2', url)).status).toBe(200);
    expect((await from('127.0.0.3', url)).status).toBe(403);
  });

  test('in a rate rule: one over the limit is blocked, another is not, and another limit starts another count', async () => {
    const { url, limit } = await guarded('by-address', { Limit: 10, AggregateKeyType: 'IP' });
    expect(await passing(() => from('127.0.0.2', url))).toBe(10);
    expect((await from('127.0.0.2', url)).status).toBe(403);
    expect((await from('127.0.0.3', url)).status).toBe(200);
    await limit({ Limit: 12, AggregateKeyType: 'IP' });
    expect(await passing(() => from('127.0.0.2', url))).toBe(12);
  });
});

test('what is no address is counted with all else that is none, where the fallback is to match', async () => {
  const ForwardedIPConfig = { HeaderName: 'x-client', FallbackBehavior: 'MATCH' as const };
  const { url } = await guarded('fallback', { Limit: 10, AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig });
  const forwarded = (address: string) => fetch(url, { headers: { 'x-client': address } });
  expect(await passing((number) => forwarded(`nobody-${number}`))).toBe(10);
  expect((await forwarded('2001:db8::1, nobody')).status).toBe(200);
  expect((await fetch(url)).status).toBe(200);
});
