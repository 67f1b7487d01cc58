import {
  AssociateWebACLCommand,
  CreateWebACLCommand,
  DeleteWebACLCommand,
  DisassociateWebACLCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  ListResourcesForWebACLCommand,
  ListTagsForResourceCommand,
  ListWebACLsCommand,
  type Rule,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWebACLCommand,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { expect } from 'vitest';
import { wafv2 as service } from '../src/services/wafv2/service.ts';
import { deployedApi } from './apigateway-support.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `AWS WAFV2 API Reference, ${operation}`;
const guide = (page: string) => `AWS WAF Developer Guide, ${page}`;
const Scope = 'REGIONAL' as const;
const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'contract' };

const rate = (Limit: number, more: Partial<Rule> = {}): Rule => ({
  Name: 'rate',
  Priority: 0,
  Action: { Block: {} },
  Statement: { RateBasedStatement: { Limit, AggregateKeyType: 'IP', EvaluationWindowSec: 60 } },
  VisibilityConfig,
  ...more,
});

/** A web ACL of its own that lets everything through but what its rules say. */
async function webAcl(target: Target, Rules: Rule[] = []) {
  const waf = target.client(WAFV2Client);
  const Name = target.name();
  const { Summary } = await waf.send(
    new CreateWebACLCommand({ Name, Scope, DefaultAction: { Allow: {} }, VisibilityConfig, Rules }),
  );
  const named = { Name, Scope, Id: Summary?.Id };
  target.afterwards(async () => {
    const { LockToken } = await waf.send(new GetWebACLCommand(named));
    await waf.send(new DeleteWebACLCommand({ ...named, LockToken }));
  });
  return { waf, named, Summary, WebACLArn: Summary?.ARN };
}

/** The same before a stage of an API. */
async function guarding(target: Target, Rules: Rule[]) {
  const acl = await webAcl(target, Rules);
  const api = await deployedApi(target);
  const ResourceArn = `arn:aws:apigateway:${target.region}::/restapis/${api.restApiId}/stages/test`;
  await target.until(() => acl.waf.send(new AssociateWebACLCommand({ WebACLArn: acl.WebACLArn, ResourceArn })));
  target.afterwards(() => acl.waf.send(new DisassociateWebACLCommand({ ResourceArn })));
  return { ...acl, ...api, ResourceArn };
}

export const wafv2: Contract = {
  service,
  claims: [
    {
      operation: 'CreateWebACL',
      beside: ['GetWebACL', 'ListWebACLs', 'DeleteWebACL'],
      claim: 'makes a web ACL by a name, once',
      source: reference('CreateWebACL'),
      async run(target) {
        const { waf, named, WebACLArn } = await webAcl(target, [rate(100)]);
        const again = new CreateWebACLCommand({ ...named, DefaultAction: { Allow: {} }, VisibilityConfig });
        expect((await refusal(waf.send(again))).name).toBe('WAFDuplicateItemException');
        const { WebACL } = await waf.send(new GetWebACLCommand(named));
        expect(WebACL).toMatchObject({ ARN: WebACLArn, Capacity: 2, Rules: [{ Name: 'rate' }] });
        const { WebACLs } = await waf.send(new ListWebACLsCommand({ Scope, Limit: 100 }));
        expect(WebACLs?.map(({ ARN }) => ARN)).toContain(WebACLArn);
      },
    },
    {
      operation: 'CreateWebACL',
      claim: 'refuses a rate limit below 10',
      limit: 'rate limits from 10 to 2,000,000,000',
      source: reference('RateBasedStatement'),
      async run(target) {
        expect((await refusal(webAcl(target, [rate(9)]))).name).toMatch(/WAFInvalidParameter|Validation/);
      },
    },
    {
      operation: 'CreateWebACL',
      claim: 'refuses to count by a forwarded address without the header it is in',
      source: reference('RateBasedStatement'),
      async run(target) {
        const Statement = { RateBasedStatement: { Limit: 10, AggregateKeyType: 'FORWARDED_IP' as const } };
        const call = webAcl(target, [rate(10, { Statement })]);
        expect((await refusal(call)).name).toBe('WAFInvalidParameterException');
      },
    },
    {
      operation: 'UpdateWebACL',
      claim: 'refuses a change that was begun before another',
      source: reference('UpdateWebACL'),
      async run(target) {
        const { waf, named } = await webAcl(target);
        const { LockToken } = await waf.send(new GetWebACLCommand(named));
        const change = { ...named, LockToken, DefaultAction: { Allow: {} }, VisibilityConfig };
        await waf.send(new UpdateWebACLCommand({ ...change, Rules: [rate(10)] }));
        expect((await refusal(waf.send(new UpdateWebACLCommand(change)))).name).toBe('WAFOptimisticLockException');
      },
    },
    {
      operation: 'AssociateWebACL',
      claim: 'keeps an address out that sends more than the limit within the window, and lets it in again',
      source: guide('Using rate-based rule statements in AWS WAF'),
      async run(target) {
        const { get } = await guarding(target, [rate(100)]);
        await target.until(async () => {
          const answers = await Promise.all(Array.from({ length: 150 }, () => get()));
          expect(answers.map(({ status }) => status)).toContain(403);
        });
        // What is asked meanwhile counts too, but stays below the limit.
        await target.until(async () => expect((await get()).status).toBe(200));
      },
    },
    {
      operation: 'AssociateWebACL',
      claim: 'counts by the first address in a header, where the rule says so: another address and what is none pass',
      source: reference('ForwardedIPConfig'),
      async run(target) {
        const ForwardedIPConfig = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'NO_MATCH' as const };
        const RateBasedStatement = { Limit: 100, AggregateKeyType: 'FORWARDED_IP', EvaluationWindowSec: 60 } as const;
        const Statement = { RateBasedStatement: { ...RateBasedStatement, ForwardedIPConfig } };
        const { get } = await guarding(target, [rate(100, { Statement })]);
        const from = (address: string) => get('/', { 'x-forwarded-for': address });
        await target.until(async () => {
          const answers = await Promise.all(Array.from({ length: 150 }, () => from('192.0.2.1, 192.0.2.2')));
          expect(answers.map(({ status }) => status)).toContain(403);
        });
        expect((await from('192.0.2.2')).status).toBe(200);
        expect((await from('unknown')).status).toBe(200);
      },
    },
    {
      operation: 'AssociateWebACL',
      beside: ['GetWebACLForResource', 'ListResourcesForWebACL', 'DisassociateWebACL'],
      claim: 'puts rules before a stage, answering what they say, until it is taken away',
      source: guide('Custom responses for Block actions'),
      async run(target) {
        const path = {
          ByteMatchStatement: {
            FieldToMatch: { UriPath: {} },
            PositionalConstraint: 'ENDS_WITH' as const,
            SearchString: new TextEncoder().encode('/admin'),
            TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' as const }],
          },
        };
        const Action = {
          Block: { CustomResponse: { ResponseCode: 404, ResponseHeaders: [{ Name: 'x-why', Value: 'no' }] } },
        };
        const rule = rate(10, { Name: 'admin', Statement: path, Action });
        const { waf, get, restApiId, gateway, ResourceArn, WebACLArn } = await guarding(target, [rule]);
        expect((await waf.send(new GetWebACLForResourceCommand({ ResourceArn }))).WebACL?.ARN).toBe(WebACLArn);
        const { ResourceArns } = await waf.send(
          new ListResourcesForWebACLCommand({ WebACLArn, ResourceType: 'API_GATEWAY' }),
        );
        expect(ResourceArns).toEqual([ResourceArn]);
        const endpoint = await gateway.config.endpoint?.();
        const url =
          target.kind === 'aws'
            ? `https://${restApiId}.execute-api.${target.region}.amazonaws.com/test/ADMIN`
            : `http://${endpoint?.hostname}:${endpoint?.port}/execute-api/${restApiId}/test/ADMIN`;
        await target.until(async () => expect((await fetch(url)).status).toBe(404));
        await waf.send(new DisassociateWebACLCommand({ ResourceArn }));
        await target.until(async () => expect((await fetch(url)).status).toBe(403));
        expect((await get()).status).toBe(200);
      },
    },
    {
      operation: 'DeleteWebACL',
      claim: 'refuses one that stands before a stage',
      source: reference('DeleteWebACL'),
      async run(target) {
        const { waf, named } = await guarding(target, []);
        const { LockToken } = await waf.send(new GetWebACLCommand(named));
        const call = waf.send(new DeleteWebACLCommand({ ...named, LockToken }));
        expect((await refusal(call)).name).toBe('WAFAssociatedItemException');
      },
    },
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'ListTagsForResource'],
      claim: 'tags a web ACL',
      source: reference('TagResource'),
      async run(target) {
        const { waf, WebACLArn: ResourceARN } = await webAcl(target);
        const Tags = [
          { Key: 'team', Value: 'shop' },
          { Key: 'stage', Value: 'dev' },
        ];
        await waf.send(new TagResourceCommand({ ResourceARN, Tags }));
        await waf.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['stage'] }));
        const { TagInfoForResource } = await waf.send(new ListTagsForResourceCommand({ ResourceARN }));
        expect(TagInfoForResource?.TagList).toEqual([{ Key: 'team', Value: 'shop' }]);
      },
    },
  ],
};
