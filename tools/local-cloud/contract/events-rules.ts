import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTagsForResourceCommand,
  PutRuleCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bus, reference, rule } from './events-support.ts';

/** Claims about rules. */
export const ruleClaims: readonly Claim[] = [
  {
    operation: 'PutRule',
    claim: 'names rules of other buses than the default one with their bus',
    source: 'EventBridge User Guide, Actions, resources, and condition keys',
    async run(target) {
      const { reference, RuleArn } = await rule(target);
      const path = `${reference.EventBusName}/${reference.Name}`;
      expect(RuleArn).toBe(`arn:aws:events:${target.region}:${target.account}:rule/${path}`);
    },
  },
  {
    operation: 'PutRule',
    claim: 'asks for a pattern or a schedule',
    source: reference('PutRule'),
    async run(target) {
      const call = new PutRuleCommand({ Name: target.name() });
      expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
        name: 'ValidationException',
        message: 'Parameter(s) EventPattern or ScheduleExpression must be specified.',
      });
    },
  },
  {
    operation: 'PutRule',
    claim: 'takes schedules on the default event bus only',
    source: 'EventBridge User Guide, Creating a rule that runs on a schedule',
    async run(target) {
      const { events, Name: EventBusName } = await bus(target);
      const call = new PutRuleCommand({ Name: target.name(), EventBusName, ScheduleExpression: 'rate(1 hour)' });
      expect((await refusal(events.send(call))).message).toBe(
        'ScheduleExpression is supported only on the default event bus.',
      );
    },
  },
  {
    operation: 'PutRule',
    claim: 'refuses a rate of one in the plural, and a cron expression of five fields',
    source: 'EventBridge User Guide, Using cron and rate expressions to schedule rules',
    async run(target) {
      const events = target.client(EventBridgeClient);
      for (const ScheduleExpression of ['rate(1 hours)', 'cron(0 10 * * *)']) {
        const call = new PutRuleCommand({ Name: target.name(), ScheduleExpression });
        expect((await refusal(events.send(call))).message).toBe('Parameter ScheduleExpression is not valid.');
      }
    },
  },
  {
    operation: 'PutRule',
    claim: 'refuses a name of 65 characters',
    limit: '64 characters a name',
    source: reference('PutRule'),
    async run(target) {
      const call = new PutRuleCommand({ Name: 'r'.repeat(65), ScheduleExpression: 'rate(1 hour)' });
      expect((await refusal(target.client(EventBridgeClient).send(call))).name).toBe('ValidationException');
    },
  },
  {
    operation: 'DescribeRule',
    claim: 'gives the rule as it was put, enabled',
    source: reference('DescribeRule'),
    async run(target) {
      const { events, reference } = await rule(target, { Description: 'of orders' });
      expect(await events.send(new DescribeRuleCommand(reference))).toMatchObject({
        State: 'ENABLED',
        EventPattern: '{"source":["shop"]}',
        Description: 'of orders',
        CreatedBy: target.account,
      });
    },
  },
  {
    operation: 'DescribeRule',
    claim: 'does not know what is not there',
    source: reference('DescribeRule'),
    async run(target) {
      const Name = target.name();
      expect(await refusal(target.client(EventBridgeClient).send(new DescribeRuleCommand({ Name })))).toEqual({
        name: 'ResourceNotFoundException',
        message: `Rule ${Name} does not exist on EventBus default.`,
      });
    },
  },
  {
    operation: 'ListRules',
    claim: 'finds rules by the beginning of their names',
    source: reference('ListRules'),
    async run(target) {
      const { events, reference } = await rule(target);
      const { Name: NamePrefix, EventBusName } = reference;
      const { Rules } = await events.send(new ListRulesCommand({ NamePrefix, EventBusName }));
      expect(Rules?.map(({ Name }) => Name)).toEqual([NamePrefix]);
    },
  },
  {
    operation: 'DisableRule',
    beside: ['EnableRule', 'DescribeRule'],
    claim: 'holds until EnableRule',
    source: reference('DisableRule'),
    async run(target) {
      const { events, reference } = await rule(target);
      const state = async () => (await events.send(new DescribeRuleCommand(reference))).State;
      await events.send(new DisableRuleCommand(reference));
      expect(await state()).toBe('DISABLED');
      await events.send(new EnableRuleCommand(reference));
      expect(await state()).toBe('ENABLED');
    },
  },
  {
    operation: 'DeleteRule',
    claim: 'does not delete a rule that has targets',
    source: reference('DeleteRule'),
    async run(target) {
      const { events, reference, put } = await rule(target);
      await put({});
      expect(await refusal(events.send(new DeleteRuleCommand(reference)))).toEqual({
        name: 'ValidationException',
        message: "Rule can't be deleted since it has targets.",
      });
    },
  },
  {
    operation: 'TagResource',
    beside: ['UntagResource', 'ListTagsForResource'],
    claim: 'puts tags on rules until UntagResource takes them away',
    source: reference('TagResource'),
    async run(target) {
      const { events, RuleArn: ResourceARN } = await rule(target);
      const tags = async () => (await events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
      await events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'team', Value: 'orders' }] }));
      expect(await tags()).toEqual([{ Key: 'team', Value: 'orders' }]);
      await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['team'] }));
      expect(await tags()).toEqual([]);
    },
  },
];
