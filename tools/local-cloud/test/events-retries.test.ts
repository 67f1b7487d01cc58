import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListRulesCommand,
  PutRuleCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arn, type EventsCloud, startEventsCloud } from './events-support.ts';
import { eventually } from './fixtures/lambda/support.ts';

let cloud: EventsCloud;
beforeEach(async () => {
  cloud = await startEventsCloud();
});
afterEach(() => cloud.close());

const minute = 60_000;
const advance = (ms: number) => cloud.cloud.clock.advance(ms);

/** Makes calls of an operation fail. */
function fault(body: object): Promise<Response> {
  const headers = { 'x-stackyard': 'control', 'content-type': 'application/json' };
  return fetch(`${cloud.endpoint}/_stackyard/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('a target that fails', () => {
  const failing = {
    service: 'logs',
    operation: 'PutLogEvents',
    effect: { kind: 'fail', code: 'ServiceUnavailableException', status: 503 },
  };

  test('is called again with growing pauses until it works', async () => {
    const Arn = await cloud.logGroup('flaky');
    await cloud.rule('flaky', [{ Id: 'log', Arn }]);
    await fault({ ...failing, times: 3 });
    await cloud.put({});
    await eventually(async () => {
      await advance(1_000);
      expect(await cloud.metric('SuccessfulInvocationAttempts', 'flaky')).toBe(1);
    });
    await cloud.written('flaky', 1);
    expect(await cloud.metric('RetryInvocationAttempts', 'flaky')).toBe(3);
    expect(await cloud.metric('FailedInvocations', 'flaky')).toBe(0);
  });

  test.each([
    ['its attempts are used up', { MaximumRetryAttempts: 2 }, 2],
    ['the event is too old', { MaximumEventAgeInSeconds: 60 }, undefined],
  ])('is given up when %s', async (_, RetryPolicy, retries) => {
    const Arn = await cloud.logGroup('dead');
    await cloud.rule('dead', [{ Id: 'log', Arn, RetryPolicy }]);
    await fault(failing);
    await cloud.put({});
    await eventually(async () => {
      await advance(2_000);
      expect(await cloud.metric('FailedInvocations', 'dead')).toBe(1);
    });
    const made = await cloud.metric('RetryInvocationAttempts', 'dead');
    if (retries === undefined) expect(made).toBeGreaterThan(3);
    else expect(made).toBe(retries);
  });

  test('by default is tried for about a day', async () => {
    const Arn = await cloud.logGroup('day');
    await cloud.rule('day', [{ Id: 'log', Arn }]);
    await fault(failing);
    await cloud.put({});
    for (let i = 0; i < 20; i += 1) await advance(60 * minute);
    expect(await cloud.metric('FailedInvocations', 'day')).toBe(0);
    for (let i = 0; i < 6; i += 1) await advance(60 * minute);
    await eventually(async () => expect(await cloud.metric('FailedInvocations', 'day')).toBe(1));
  });
});

describe('a schedule', () => {
  test('sends its event to the rule’s targets, as often as it says, while the rule is enabled', async () => {
    const Arn = await cloud.logGroup('ticks');
    const onDefault = { EventBusName: 'default', ScheduleExpression: 'rate(5 minutes)' };
    const RuleArn = await cloud.rule('ticks', [{ Id: 'log', Arn }], onDefault);
    await advance(4 * minute);
    await cloud.written('ticks', 0);
    await advance(7 * minute);
    const [first] = await cloud.written('ticks', 2);
    expect(JSON.parse(first ?? '')).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [RuleArn],
      detail: {},
    });
    await cloud.events.send(new DisableRuleCommand({ Name: 'ticks' }));
    await advance(20 * minute);
    await cloud.written('ticks', 2);
    await cloud.events.send(new EnableRuleCommand({ Name: 'ticks' }));
    await advance(5 * minute);
    await cloud.written('ticks', 3);
  });

  test('at a time of day runs at that time, in UTC', async () => {
    const Arn = await cloud.logGroup('daily');
    await cloud.rule('daily', [{ Id: 'log', Arn, InputPath: '$.time' }], {
      EventBusName: 'default',
      ScheduleExpression: 'cron(30 7 * * ? *)',
    });
    await advance(48 * 60 * minute);
    for (const time of await cloud.written('daily', 2)) expect(time).toMatch(/T07:30:00Z"$/);
  });

  test('is for rules of the default bus', async () => {
    const call = new PutRuleCommand({ Name: 'r', EventBusName: 'orders', ScheduleExpression: 'rate(1 hour)' });
    await expect(cloud.events.send(call)).rejects.toThrow(
      'ScheduleExpression is supported only on the default event bus.',
    );
  });
});

describe('an archive', () => {
  const EventSourceArn = arn('events', 'event-bus/orders');
  const archive = (more: object = {}) =>
    cloud.events.send(new CreateArchiveCommand({ ArchiveName: 'kept', EventSourceArn, ...more }));
  const replay = (name: string, more: object = {}) => {
    const now = cloud.cloud.clock.now();
    return cloud.events.send(
      new StartReplayCommand({
        ReplayName: name,
        EventSourceArn: arn('events', 'archive/kept'),
        EventStartTime: new Date(now - 60 * minute),
        EventEndTime: new Date(now + minute),
        Destination: { Arn: EventSourceArn },
        ...more,
      }),
    );
  };
  const state = async (ReplayName: string) =>
    (await cloud.events.send(new DescribeReplayCommand({ ReplayName }))).State;

  test('keeps what matches, for as long as it is to, behind a rule that nobody can change', async () => {
    await archive({ EventPattern: '{"detail":{"keep":[true]}}', RetentionDays: 1 });
    await cloud.put({ Detail: '{"keep":true}' }, { Detail: '{"keep":false}' });
    const describe = () => cloud.events.send(new DescribeArchiveCommand({ ArchiveName: 'kept' }));
    expect(await describe()).toMatchObject({ State: 'ENABLED', EventCount: 1, RetentionDays: 1 });
    const { Rules } = await cloud.events.send(new ListRulesCommand({ EventBusName: 'orders' }));
    expect(Rules).toMatchObject([{ Name: 'Events-Archive-kept', ManagedBy: 'prod.vhs.events.aws.internal' }]);
    const change = new DisableRuleCommand({ Name: 'Events-Archive-kept', EventBusName: 'orders' });
    await expect(cloud.events.send(change)).rejects.toThrow(expect.objectContaining({ name: 'ManagedRuleException' }));
    await advance(25 * 60 * minute);
    expect((await describe()).EventCount).toBe(0);
  });

  test('is replayed in the order of its minutes, under the replay’s name, to the rules asked for, and not archived again', async () => {
    const Arn = await cloud.logGroup('again');
    await archive();
    const now = cloud.cloud.clock.now();
    await cloud.put(
      { Detail: '{"n":2}', Time: new Date(now - 5 * minute) },
      { Detail: '{"n":1}', Time: new Date(now - 9 * minute) },
      { Detail: '{"n":0}', Time: new Date(now - 90 * minute) },
    );
    const RuleArn = await cloud.rule('wanted', [{ Id: 'log', Arn }]);
    await cloud.rule('other', [{ Id: 'log', Arn, Input: '"other"' }]);
    expect((await replay('once', { Destination: { Arn: EventSourceArn, FilterArns: [RuleArn] } })).State).toBe(
      'STARTING',
    );
    for (let i = 0; i < 5; i += 1) await advance(1_000);
    const sent = (await cloud.written('again', 2)).map((text) => JSON.parse(text));
    expect(sent.map(({ detail }) => detail.n)).toEqual([1, 2]);
    expect(sent[0]).toMatchObject({ 'replay-name': 'once', source: 'shop' });
    expect(await state('once')).toBe('COMPLETED');
    const { EventCount } = await cloud.events.send(new DescribeArchiveCommand({ ArchiveName: 'kept' }));
    expect(EventCount).toBe(3);
  });

  test('stops being replayed when that is cancelled, once', async () => {
    await archive();
    await cloud.put({});
    await replay('stopped');
    const cancel = new CancelReplayCommand({ ReplayName: 'stopped' });
    expect((await cloud.events.send(cancel)).State).toBe('CANCELLING');
    await advance(1_000);
    expect(await state('stopped')).toBe('CANCELLED');
    await expect(cloud.events.send(cancel)).rejects.toThrow(
      expect.objectContaining({ name: 'IllegalStatusException' }),
    );
  });

  test('is replayed to its own bus only', async () => {
    await archive();
    await expect(replay('elsewhere', { Destination: { Arn: arn('events', 'event-bus/default') } })).rejects.toThrow(
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    );
  });
});
