import {
  CancelReplayCommand,
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListEventBusesCommand,
  ListReplaysCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  type Target as RuleTarget,
  StartReplayCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
  UpdateArchiveCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { events as service } from '../src/services/events/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const reference = (operation: string) => `EventBridge API Reference, ${operation}`;
const quotas = 'EventBridge User Guide, Amazon EventBridge quotas';
const patterns = 'EventBridge User Guide, Comparison operators for use in event patterns';
const transformation = 'EventBridge User Guide, Amazon EventBridge input transformation';

async function bus(target: Target) {
  const events = target.client(EventBridgeClient);
  const Name = target.name();
  target.afterwards(() => events.send(new DeleteEventBusCommand({ Name })));
  const { EventBusArn = '' } = await events.send(new CreateEventBusCommand({ Name }));
  return { events, Name, EventBusArn };
}

/** A rule of a bus of its own, and a queue it may name as its target (nothing is sent there). */
async function rule(target: Target, more: Partial<PutRuleCommandInput> = {}) {
  const { events, Name: EventBusName, EventBusArn } = await bus(target);
  const Name = target.name();
  const reference = { EventBusName, Name };
  target.afterwards(() => events.send(new DeleteRuleCommand(reference)));
  const EventPattern = '{"source":["shop"]}';
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ ...reference, EventPattern, ...more }));
  const Arn = `arn:aws:sqs:${target.region}:${target.account}:${target.name()}`;
  const put = async (...Targets: Partial<RuleTarget>[]) => {
    const all = Targets.map((given, i) => ({ Id: `target-${i}`, Arn, ...given }));
    const answer = await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets: all }));
    const Ids = all.map(({ Id }) => Id);
    target.afterwards(() => events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids })));
    return answer;
  };
  return { events, reference, RuleArn, EventBusArn, Arn, put };
}

async function archive(target: Target) {
  const { events, EventBusArn, Name: busName } = await bus(target);
  const ArchiveName = target.name();
  const { ArchiveArn = '' } = await events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: EventBusArn }));
  target.afterwards(() => events.send(new DeleteArchiveCommand({ ArchiveName })));
  return { events, EventBusArn, busName, ArchiveName, ArchiveArn };
}

async function replay(target: Target) {
  const { events, EventBusArn, ArchiveArn } = await archive(target);
  const ReplayName = target.name();
  const start = (more: { ReplayName?: string; Arn?: string } = {}) =>
    events.send(
      new StartReplayCommand({
        ReplayName: more.ReplayName ?? ReplayName,
        EventSourceArn: ArchiveArn,
        EventStartTime: new Date(Date.now() - 3_600_000),
        EventEndTime: new Date(),
        Destination: { Arn: more.Arn ?? EventBusArn },
      }),
    );
  return { events, ReplayName, ArchiveArn, start };
}

const entry = { Source: 'shop', DetailType: 'order placed', Detail: '{}' };
const event = {
  id: '1',
  'detail-type': 'order placed',
  source: 'shop',
  account: '123456789012',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
};

const test = (target: Target, pattern: object | string, detail: object = {}) =>
  target.client(EventBridgeClient).send(
    new TestEventPatternCommand({
      EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
      Event: JSON.stringify({ ...event, detail }),
    }),
  );

const refusedPatterns: readonly [claim: string, pattern: object, reason: string][] = [
  ['a value outside an array', { source: 'shop' }, '"source" must be an object or an array'],
  ['an empty array', { source: [] }, 'Empty arrays are not allowed'],
  ['an operator it does not know', { source: [{ like: 's' }] }, 'Unrecognized match type like'],
  ['two lower bounds', { detail: { n: [{ numeric: ['>', 0, '>', 0] }] } }, 'Bad numeric range operator: >'],
  ['wildcards in a row', { source: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
  ['an address without a mask', { detail: { ip: [{ cidr: '10.0.0.0' }] } }, "Malformed CIDR, one '/' required"],
];

export const events: Contract = {
  service,
  claims: [
    {
      operation: 'CreateEventBus',
      claim: 'answers the ARN, and refuses the name a second time',
      source: reference('CreateEventBus'),
      async run(target) {
        const { events, Name, EventBusArn } = await bus(target);
        expect(EventBusArn).toBe(`arn:aws:events:${target.region}:${target.account}:event-bus/${Name}`);
        expect(await refusal(events.send(new CreateEventBusCommand({ Name })))).toEqual({
          name: 'ResourceAlreadyExistsException',
          message: `Event bus ${Name} already exists.`,
        });
      },
    },
    {
      operation: 'CreateEventBus',
      claim: 'refuses a name with a slash',
      source: reference('CreateEventBus'),
      async run(target) {
        const call = new CreateEventBusCommand({ Name: 'a/b' });
        expect((await refusal(target.client(EventBridgeClient).send(call))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'DescribeEventBus',
      claim: 'knows the default event bus without its being made, and no other',
      source: reference('DescribeEventBus'),
      async run(target) {
        const events = target.client(EventBridgeClient);
        expect((await events.send(new DescribeEventBusCommand({}))).Name).toBe('default');
        const Name = target.name();
        expect(await refusal(events.send(new DescribeEventBusCommand({ Name })))).toEqual({
          name: 'ResourceNotFoundException',
          message: `Event bus ${Name} does not exist.`,
        });
      },
    },
    {
      operation: 'UpdateEventBus',
      beside: ['DescribeEventBus'],
      claim: 'changes the description',
      source: reference('UpdateEventBus'),
      async run(target) {
        const { events, Name } = await bus(target);
        await events.send(new UpdateEventBusCommand({ Name, Description: 'of orders' }));
        expect((await events.send(new DescribeEventBusCommand({ Name }))).Description).toBe('of orders');
      },
    },
    {
      operation: 'ListEventBuses',
      claim: 'finds buses by the beginning of their names, a page at a time',
      source: reference('ListEventBuses'),
      async run(target) {
        const { events, Name } = await bus(target);
        const { EventBuses } = await events.send(new ListEventBusesCommand({ NamePrefix: Name }));
        expect(EventBuses?.map((one) => one.Name)).toEqual([Name]);
        const first = await events.send(new ListEventBusesCommand({ Limit: 1 }));
        expect(first.EventBuses).toHaveLength(1);
        expect(first.NextToken).toBeDefined();
      },
    },
    {
      operation: 'DeleteEventBus',
      claim: 'does not delete the default event bus',
      source: reference('DeleteEventBus'),
      async run(target) {
        const call = new DeleteEventBusCommand({ Name: 'default' });
        expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
          name: 'ValidationException',
          message: 'Cannot delete event bus default.',
        });
      },
    },
    {
      operation: 'PutPermission',
      beside: ['DescribeEventBus'],
      claim: 'adds a statement that allows another account what it says',
      source: reference('PutPermission'),
      async run(target) {
        const { events, Name, EventBusArn } = await bus(target);
        const [Principal, Action, StatementId] = [target.account, 'events:PutEvents', 'neighbour'];
        await events.send(new PutPermissionCommand({ EventBusName: Name, Principal, Action, StatementId }));
        const { Policy = '' } = await events.send(new DescribeEventBusCommand({ Name }));
        expect(JSON.parse(Policy).Statement).toEqual([
          {
            Sid: StatementId,
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${target.account}:root` },
            Action,
            Resource: EventBusArn,
          },
        ]);
      },
    },
    {
      operation: 'RemovePermission',
      claim: 'does not know a statement that is not there',
      source: reference('RemovePermission'),
      async run(target) {
        const { events, Name } = await bus(target);
        const call = new RemovePermissionCommand({ EventBusName: Name, StatementId: 'nobody' });
        expect(await refusal(events.send(call))).toEqual({
          name: 'ResourceNotFoundException',
          message: 'Statement with the provided id does not exist.',
        });
      },
    },
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
      operation: 'PutTargets',
      beside: ['ListTargetsByRule', 'RemoveTargets'],
      claim: 'keeps targets until they are removed; putting an id again replaces its target',
      source: reference('PutTargets'),
      async run(target) {
        const { events, reference, Arn, put } = await rule(target);
        const ref = { Rule: reference.Name, EventBusName: reference.EventBusName };
        const listed = async () => (await events.send(new ListTargetsByRuleCommand(ref))).Targets;
        await put({ Input: '1' });
        expect(await put({ Input: '2' })).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
        expect(await listed()).toEqual([{ Id: 'target-0', Arn, Input: '2' }]);
        await events.send(new RemoveTargetsCommand({ ...ref, Ids: ['target-0'] }));
        expect(await listed()).toEqual([]);
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses a sixth target',
      limit: '5 targets a rule',
      source: quotas,
      async run(target) {
        const { put } = await rule(target);
        const error = await refusal(put({}, {}, {}, {}, {}, {}));
        expect(error).toEqual({
          name: 'LimitExceededException',
          message: 'The requested resource exceeds the maximum number allowed.',
        });
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses a FIFO queue without a message group',
      source: reference('PutTargets'),
      async run(target) {
        const { put, Arn } = await rule(target);
        expect((await refusal(put({ Arn: `${Arn}.fifo` }))).message).toBe(
          'Parameter(s) MessageGroupId must be specified for target: target-0.',
        );
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses two ways to make the input',
      source: reference('PutTargets'),
      async run(target) {
        const { put } = await rule(target);
        expect((await refusal(put({ Input: '{}', InputPath: '$.detail' }))).message).toBe(
          'Only one of Input, InputPath, or InputTransformer must be provided for target target-0.',
        );
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses a template with a variable that is not defined',
      source: transformation,
      async run(target) {
        const { put } = await rule(target);
        const InputTransformer = { InputPathsMap: { id: '$.id' }, InputTemplate: '"order <other>"' };
        expect((await refusal(put({ InputTransformer }))).message).toBe(
          'InputTemplate for target target-0 contains invalid placeholder other.',
        );
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses a template of text without quotation marks',
      source: transformation,
      async run(target) {
        const { put } = await rule(target);
        const InputTransformer = { InputPathsMap: { id: '$.id' }, InputTemplate: 'order <id>' };
        expect((await refusal(put({ InputTransformer }))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'PutTargets',
      claim: 'refuses a retry policy of more than 185 attempts or 24 hours',
      limit: '185 retries, 24 hours',
      source: reference('RetryPolicy'),
      async run(target) {
        const { put } = await rule(target);
        const attempts = put({ RetryPolicy: { MaximumRetryAttempts: 186 } });
        expect((await refusal(attempts)).name).toBe('ValidationException');
        const age = put({ RetryPolicy: { MaximumEventAgeInSeconds: 86_401 } });
        expect((await refusal(age)).name).toBe('ValidationException');
      },
    },
    {
      operation: 'ListRuleNamesByTarget',
      claim: 'finds the rules of a target',
      source: reference('ListRuleNamesByTarget'),
      async run(target) {
        const { events, reference, Arn, put } = await rule(target);
        await put({});
        const { EventBusName } = reference;
        const { RuleNames } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: Arn, EventBusName }));
        expect(RuleNames).toEqual([reference.Name]);
      },
    },
    {
      operation: 'PutEvents',
      claim: 'answers an id for every event, in order, and errors for those it does not take',
      source: reference('PutEvents'),
      async run(target) {
        const Entries = [
          entry,
          { ...entry, Detail: 'no JSON' },
          { ...entry, Detail: '[]' },
          { ...entry, Source: undefined },
          entry,
        ];
        const answer = await target.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
        expect(answer.FailedEntryCount).toBe(3);
        expect(answer.Entries).toEqual([
          { EventId: expect.any(String) },
          { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
          { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' },
          {
            ErrorCode: 'InvalidArgument',
            ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.',
          },
          { EventId: expect.any(String) },
        ]);
      },
    },
    {
      operation: 'PutEvents',
      claim: 'does not take events in the name of AWS',
      source: reference('PutEvents'),
      async run(target) {
        const Entries = [{ ...entry, Source: 'aws.ec2' }];
        const answer = await target.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
        expect(answer.Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
      },
    },
    {
      operation: 'PutEvents',
      claim: 'refuses 11 entries',
      limit: '10 entries a call',
      source: reference('PutEvents'),
      async run(target) {
        const Entries = Array.from({ length: 11 }, () => entry);
        const error = await refusal(target.client(EventBridgeClient).send(new PutEventsCommand({ Entries })));
        expect(error.name).toBe('ValidationException');
        expect(error.message).toMatch(
          /at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10$/,
        );
      },
    },
    {
      operation: 'PutEvents',
      claim: 'refuses entries of more than 1 MB together',
      limit: '1 MB a call',
      source: reference('PutEvents'),
      async run(target) {
        const Detail = JSON.stringify({ text: 'x'.repeat(600_000) });
        const Entries = [entry, { ...entry, Detail }, { ...entry, Detail }];
        expect(await refusal(target.client(EventBridgeClient).send(new PutEventsCommand({ Entries })))).toEqual({
          name: 'ValidationException',
          message: 'Total size of the entries in the request is over the limit.',
        });
      },
    },
    {
      operation: 'TestEventPattern',
      claim: 'says whether an event matches',
      source: patterns,
      async run(target) {
        const pattern = {
          detail: { price: [{ numeric: ['>', 10, '<=', 20] }], state: [{ 'anything-but': ['void'] }] },
        };
        expect((await test(target, pattern, { price: 20, state: 'new' })).Result).toBe(true);
        expect((await test(target, pattern, { price: 10, state: 'new' })).Result).toBe(false);
        expect((await test(target, pattern, { price: 15, state: 'void' })).Result).toBe(false);
      },
    },
    ...refusedPatterns.map(([what, pattern, reason]) => ({
      operation: 'TestEventPattern',
      claim: `refuses ${what}`,
      source: patterns,
      async run(target: Target) {
        const error = await refusal(test(target, pattern));
        expect(error.name).toBe('InvalidEventPatternException');
        // AWS says the place in the text behind it.
        expect(error.message).toContain(`Event pattern is not valid. Reason: ${reason}`);
      },
    })),
    {
      operation: 'TestEventPattern',
      claim: 'refuses an event without the members every event has',
      source: reference('TestEventPattern'),
      async run(target) {
        const call = new TestEventPatternCommand({ EventPattern: '{"source":["shop"]}', Event: '{"source":"shop"}' });
        expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
          name: 'ValidationException',
          message: 'Parameter Event is not valid.',
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
    {
      operation: 'CreateArchive',
      beside: ['DescribeArchive', 'ListRules'],
      claim: 'collects from its bus by a rule that the service manages',
      source: 'EventBridge User Guide, Archiving events in Amazon EventBridge',
      async run(target) {
        const { events, busName, ArchiveName, EventBusArn } = await archive(target);
        expect(await events.send(new DescribeArchiveCommand({ ArchiveName }))).toMatchObject({
          EventSourceArn: EventBusArn,
          EventCount: 0,
          RetentionDays: 0,
          State: 'ENABLED',
        });
        const { Rules } = await events.send(new ListRulesCommand({ EventBusName: busName }));
        expect(Rules?.[0]).toMatchObject({ Name: `Events-Archive-${ArchiveName}`, ManagedBy: expect.any(String) });
      },
    },
    {
      operation: 'CreateArchive',
      claim: 'refuses a name that is taken',
      source: reference('CreateArchive'),
      async run(target) {
        const { events, ArchiveName, EventBusArn: EventSourceArn } = await archive(target);
        expect(await refusal(events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn })))).toEqual({
          name: 'ResourceAlreadyExistsException',
          message: `Archive ${ArchiveName} already exists.`,
        });
      },
    },
    {
      operation: 'DescribeArchive',
      claim: 'does not know what is not there',
      source: reference('DescribeArchive'),
      async run(target) {
        const ArchiveName = target.name();
        const call = new DescribeArchiveCommand({ ArchiveName });
        expect(await refusal(target.client(EventBridgeClient).send(call))).toEqual({
          name: 'ResourceNotFoundException',
          message: `Archive ${ArchiveName} does not exist.`,
        });
      },
    },
    {
      operation: 'UpdateArchive',
      beside: ['DescribeArchive'],
      claim: 'changes how long events are kept',
      source: reference('UpdateArchive'),
      async run(target) {
        const { events, ArchiveName } = await archive(target);
        await events.send(new UpdateArchiveCommand({ ArchiveName, RetentionDays: 3 }));
        expect((await events.send(new DescribeArchiveCommand({ ArchiveName }))).RetentionDays).toBe(3);
      },
    },
    {
      operation: 'ListArchives',
      claim: 'finds the archives of a bus',
      source: reference('ListArchives'),
      async run(target) {
        const { events, ArchiveName, EventBusArn: EventSourceArn } = await archive(target);
        const { Archives } = await events.send(new ListArchivesCommand({ EventSourceArn }));
        expect(Archives?.map((one) => one.ArchiveName)).toEqual([ArchiveName]);
      },
    },
    {
      operation: 'DeleteArchive',
      claim: 'does not know what is not there',
      source: reference('DeleteArchive'),
      async run(target) {
        const call = new DeleteArchiveCommand({ ArchiveName: target.name() });
        expect((await refusal(target.client(EventBridgeClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'StartReplay',
      beside: ['DescribeReplay', 'ListReplays'],
      claim: 'begins with STARTING and ends with COMPLETED',
      source: reference('StartReplay'),
      async run(target) {
        const { events, ReplayName, ArchiveArn, start } = await replay(target);
        expect((await start()).State).toBe('STARTING');
        await target.until(async () => {
          expect((await events.send(new DescribeReplayCommand({ ReplayName }))).State).toBe('COMPLETED');
        });
        const { Replays } = await events.send(new ListReplaysCommand({ NamePrefix: ReplayName }));
        expect(Replays).toMatchObject([{ ReplayName, EventSourceArn: ArchiveArn, State: 'COMPLETED' }]);
      },
    },
    {
      operation: 'StartReplay',
      claim: 'sends events to the bus they were archived from only',
      source: reference('StartReplay'),
      async run(target) {
        const { start } = await replay(target);
        const Arn = `arn:aws:events:${target.region}:${target.account}:event-bus/default`;
        expect(await refusal(start({ Arn }))).toEqual({
          name: 'ValidationException',
          message: 'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
        });
      },
    },
    {
      operation: 'CancelReplay',
      claim: 'cancels a replay that has not ended',
      source: reference('CancelReplay'),
      async run(target) {
        const { events, ReplayName, start } = await replay(target);
        await start();
        expect((await events.send(new CancelReplayCommand({ ReplayName }))).State).toBe('CANCELLING');
      },
    },
  ],
};
