import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateWebACLCommand, type Statement, TagResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { App, Aws, Stack } from 'aws-cdk-lib';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cloud } from '../src/service.ts';
import { rateExceeded } from '../src/services/wafv2/rates.ts';
import { type StackCloud, startStackCloud } from './cloudformation-support.ts';
import { keysOfNewUser } from './users.ts';

let cloud: StackCloud;
beforeAll(async () => {
  cloud = await startStackCloud();
});
afterAll(() => cloud.close());

const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'guard', sampledRequestsEnabled: false };

/** A guarded API as CDK's constructs make it: so many requests a minute for each tenant, by a header. */
function template(limit: number): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Guarded');
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
  const requestTemplates = { 'application/json': '{"statusCode":200}' };
  const integrationResponses = [{ statusCode: '200' }];
  const methodResponses = [{ statusCode: '200' }];
  api.root.addMethod('GET', new MockIntegration({ requestTemplates, integrationResponses }), { methodResponses });
  const acl = new CfnWebACL(stack, 'Acl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig,
    customResponseBodies: { slow: { contentType: 'APPLICATION_JSON', content: '{"title":"slow down"}' } },
    rules: [
      {
        name: 'tenant-rate',
        priority: 0,
        action: { block: { customResponse: { responseCode: 429, customResponseBodyKey: 'slow' } } },
        statement: {
          rateBasedStatement: {
            limit,
            evaluationWindowSec: 60,
            aggregateKeyType: 'CUSTOM_KEYS',
            customKeys: [{ header: { name: 'x-tenant', textTransformations: [{ priority: 0, type: 'NONE' }] } }],
          },
        },
        visibilityConfig,
      },
      {
        name: 'no-robots',
        priority: 1,
        action: { block: {} },
        statement: {
          byteMatchStatement: {
            fieldToMatch: { singleHeader: { Name: 'user-agent' } },
            positionalConstraint: 'CONTAINS',
            searchString: 'robot',
            textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
          },
        },
        visibilityConfig,
      },
    ],
  });
  new CfnWebACLAssociation(stack, 'Association', {
    webAclArn: acl.attrArn,
    resourceArn: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${api.restApiId}/stages/${api.deploymentStage.stageName}`,
  });
  const { Parameters: _parameters, Rules: _rules, ...rest } = app.synth().getStackByName('Guarded').template;
  return JSON.stringify(rest);
}

test('a web ACL of CDK guards a stage', { timeout: 60_000 }, async () => {
  const created = await cloud.create('Guarded', template(10));
  expect(created?.StackStatus, (await cloud.events('Guarded')).join('\n')).toBe('CREATE_COMPLETE');
  const output = created?.Outputs?.find(({ OutputKey }) => OutputKey?.startsWith('ApiEndpoint'))?.OutputValue ?? '';
  const { hostname, pathname } = new URL(output);
  const url = `${cloud.endpoint}/execute-api/${hostname.split('.')[0]}${pathname}`;
  const call = (headers: Record<string, string>) => fetch(url, { headers });
  const flood = async (tenant: string, requests: number) => {
    const answers = await Promise.all(Array.from({ length: requests }, () => call({ 'x-tenant': tenant })));
    return answers.filter(({ status }) => status === 200).length;
  };

  expect(await flood('acme', 15)).toBe(10);
  const refused = await call({ 'x-tenant': 'acme' });
  expect([refused.status, await refused.json()]).toEqual([429, { title: 'slow down' }]);
  expect(await flood('other', 5)).toBe(5);
  // Without the header there is nothing to count by.
  expect((await call({})).status).toBe(200);

  const robot = await call({ 'user-agent': 'A Robot' });
  expect([robot.status, robot.headers.get('x-amzn-errortype'), await robot.json()]).toEqual([
    403,
    'ForbiddenException',
    { message: 'Forbidden' },
  ]);

  await cloud.cloud.clock.advance(61_000);
  expect(await flood('acme', 1)).toBe(1);
  const updated = await cloud.update('Guarded', template(20));
  expect(updated?.StackStatus, (await cloud.events('Guarded')).join('\n')).toBe('UPDATE_COMPLETE');
  await cloud.cloud.clock.advance(61_000);
  expect(await flood('acme', 25)).toBe(20);

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: created?.StackId }));
  expect((await cloud.settled(created?.StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
});

test('a request passes when no more than the limit came within the window before it', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 120 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 100 }), (steps, limit, windowMs) => {
      let now = 0;
      const fake = { clock: { now: () => now } } as Cloud;
      const times: number[] = [];
      for (const step of steps) {
        now += step;
        times.push(now);
        const within = times.filter((time) => time > now - windowMs).length;
        expect(rateExceeded(fake, 'key', { limit, windowMs })).toBe(within > limit);
      }
    }),
    { numRuns: 100 },
  );
});

test('who may tag one web ACL may tag no other', async () => {
  const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'm' };
  const arnOfNew = async (Name: string) => {
    const acl = { Name, Scope: 'REGIONAL', DefaultAction: { Allow: {} }, VisibilityConfig } as const;
    return (await cloud.client(WAFV2Client).send(new CreateWebACLCommand(acl))).Summary?.ARN;
  };
  const [own, other] = [await arnOfNew('own'), await arnOfNew('other')];
  const allowed = { Effect: 'Allow', Action: 'wafv2:TagResource', Resource: own };
  const credentials = await keysOfNewUser(cloud.client(IAMClient), 'tagger', allowed);
  const waf = cloud.client(WAFV2Client, { credentials });
  const tag = (ResourceARN: string | undefined) =>
    waf.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'team', Value: 'a' }] }));
  await tag(own);
  await expect(tag(other)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a rule that cannot be carried out is refused, and says what can', async () => {
  const Statement: Statement = {
    ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' },
  };
  const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'm' };
  const call = cloud.client(WAFV2Client).send(
    new CreateWebACLCommand({
      Name: 'managed',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig,
      Rules: [{ Name: 'common', Priority: 0, Action: { Count: {} }, Statement, VisibilityConfig }],
    }),
  );
  await expect(call).rejects.toMatchObject({
    name: 'NotImplementedException',
    message: expect.stringContaining('ManagedRuleGroupStatement: it has AndStatement, ByteMatchStatement'),
  });
});
