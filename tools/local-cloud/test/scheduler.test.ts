import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
let scheduler: SchedulerClient;
let ssm: SSMClient;
let RoleArn: string;
let made = 0;

const minute = 60_000;
const day = 24 * 60 * minute;

beforeAll(async () => {
  cloud = await startTestCloud();
  scheduler = cloud.client(SchedulerClient);
  ssm = cloud.client(SSMClient);
  RoleArn = await newRole('parameter-writer', 'scheduler.amazonaws.com', ['ssm:PutParameter', 'ssm:DeleteParameter']);
});
afterAll(() => cloud.close());
afterEach(() => control('faults', 'DELETE'));

/** A role as the CDK makes it for a target: only this account's schedules of the default group may take it. */
async function newRole(RoleName: string, Service: string, Action: string[]): Promise<string> {
  const iam = cloud.client(IAMClient);
  const Condition = {
    StringEquals: {
      'aws:SourceAccount': '000000000000',
      'aws:SourceArn': 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default',
    },
  };
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const trust = document({ Principal: { Service }, Action: 'sts:AssumeRole', Condition });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const PolicyDocument = document({ Action, Resource: 'arn:aws:ssm:us-east-1:000000000000:parameter/*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'target', PolicyDocument }));
  return Role?.Arn ?? '';
}

function control(path: string, method: string, body: object = {}): Promise<Response> {
  const headers = { 'x-stackyard': 'control', 'content-type': 'application/json' };
  return fetch(`${cloud.endpoint}/_stackyard/${path}`, { method, headers, body: JSON.stringify(body) });
}

const advance = (advanceMs: number) => control('clock', 'POST', { advanceMs });

/** `at(…)` in UTC. */
const at = (ms: number) => `at(${new Date(cloud.cloud.clock.now() + ms).toISOString().slice(0, 19)})`;

const putParameter = (Name: string, Value = 'written') => ({
  Arn: 'arn:aws:scheduler:::aws-sdk:ssm:putParameter',
  RoleArn,
  Input: JSON.stringify({ Name, Value, Type: 'String', Overwrite: true }),
});

async function create(more: Partial<CreateScheduleCommandInput> = {}): Promise<string> {
  const Name = `schedule-${++made}`;
  await scheduler.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression: at(day),
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: putParameter(`/${Name}`),
      ...more,
    }),
  );
  return Name;
}

async function value(Name: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch {
    return undefined;
  }
}

const eventually = (Name: string, expected: string | undefined) =>
  expect.poll(() => value(Name), { timeout: 5_000 }).toBe(expected);

describe('a one-time schedule', () => {
  it('calls its target at its time and not before', async () => {
    const name = await create();
    await advance(day - minute);
    expect(await value(`/${name}`)).toBeUndefined();
    await advance(minute);
    await eventually(`/${name}`, 'written');
  });

  it('reads its time in its time zone, summer time included', async () => {
    const inTokyo = (ms: number) => {
      const local = new Date(cloud.cloud.clock.now() + ms + 9 * 60 * minute);
      return `at(${local.toISOString().slice(0, 19)})`;
    };
    const name = await create({ ScheduleExpression: inTokyo(10 * minute), ScheduleExpressionTimezone: 'Asia/Tokyo' });
    await advance(9 * minute);
    expect(await value(`/${name}`)).toBeUndefined();
    await advance(minute);
    await eventually(`/${name}`, 'written');
  });

  it('is gone afterwards with ActionAfterCompletion DELETE, and stays without', async () => {
    const gone = await create({ ScheduleExpression: at(minute), ActionAfterCompletion: 'DELETE' });
    const stays = await create({ ScheduleExpression: at(minute) });
    await advance(2 * minute);
    const find = async (Name: string) => {
      const { Schedules } = await scheduler.send(new ListSchedulesCommand({ NamePrefix: Name }));
      return Schedules?.length;
    };
    await expect.poll(() => find(gone)).toBe(0);
    expect(await find(stays)).toBe(1);
  });

  it('does nothing once deleted or disabled', async () => {
    const deleted = await create({ ScheduleExpression: at(minute) });
    const disabled = await create({ ScheduleExpression: at(minute), State: 'DISABLED' });
    const marker = await create({ ScheduleExpression: at(2 * minute) });
    await scheduler.send(new DeleteScheduleCommand({ Name: deleted }));
    await advance(3 * minute);
    await eventually(`/${marker}`, 'written');
    expect([await value(`/${deleted}`), await value(`/${disabled}`)]).toEqual([undefined, undefined]);
  });

  it('follows an update', async () => {
    const Name = await create({ ScheduleExpression: at(minute) });
    await scheduler.send(
      new UpdateScheduleCommand({
        Name,
        ScheduleExpression: at(10 * minute),
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: putParameter(`/${Name}`, 'updated'),
      }),
    );
    await advance(5 * minute);
    expect(await value(`/${Name}`)).toBeUndefined();
    await advance(6 * minute);
    await eventually(`/${Name}`, 'updated');
  });
});

describe('a rate', () => {
  it('calls its target at once and at each interval until its end', async () => {
    const EndDate = new Date(cloud.cloud.clock.now() + 25 * minute);
    const name = await create({ ScheduleExpression: 'rate(10 minutes)', EndDate });
    await eventually(`/${name}`, 'written');
    for (const _ of [1, 2]) {
      await ssm.send(new DeleteParameterCommand({ Name: `/${name}` }));
      await advance(10 * minute);
      await eventually(`/${name}`, 'written');
    }
    await ssm.send(new DeleteParameterCommand({ Name: `/${name}` }));
    await advance(30 * minute);
    expect(await value(`/${name}`)).toBeUndefined();
  });
});

describe('a cron expression', () => {
  it('calls its target at that time of day in its time zone, and its schedule is gone after the last time', async () => {
    const tomorrow = new Date(cloud.cloud.clock.now() + day);
    const end = new Date(tomorrow.getTime() + day);
    const name = await create({
      ScheduleExpression: 'cron(30 7 * * ? *)',
      ScheduleExpressionTimezone: 'Asia/Kolkata',
      StartDate: tomorrow,
      EndDate: end,
      ActionAfterCompletion: 'DELETE',
      Target: putParameter('/time-of-day', '<aws.scheduler.scheduled-time>'),
    });
    await advance(2 * day + minute);
    // Kolkata is five and a half hours ahead of UTC.
    await expect.poll(() => value('/time-of-day')).toMatch(/T02:00:00Z$/);
    await expect
      .poll(() => scheduler.send(new GetScheduleCommand({ Name: name })).catch((error: Error) => error.name))
      .toBe('ResourceNotFoundException');
  });
});

describe('a templated target', () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

  /** A queue, and a role that may write to it and nowhere else. */
  async function queue(QueueName: string) {
    const sqs = cloud.client(SQSClient);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const trust = { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('sqs', QueueName) };
    const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const iam = cloud.client(IAMClient);
    const role = { RoleName: `writes-${QueueName}` };
    const { Role } = await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: document(trust) }));
    await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: 'send', PolicyDocument: document(allow) }));
    return { Arn: arn('sqs', QueueName), RoleArn: Role?.Arn ?? '', QueueUrl, sqs };
  }

  it('sends to a queue', async () => {
    const { Arn, RoleArn, QueueUrl, sqs } = await queue('ticks');
    await create({ ScheduleExpression: at(minute), Target: { Arn, RoleArn, Input: 'hello' } });
    await advance(minute);
    await expect
      .poll(async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body)
      .toBe('hello');
  });

  it('leaves its dead-letter event in the queue for it when it can’t be called', async () => {
    const { Arn, RoleArn, QueueUrl, sqs } = await queue('dead');
    const Target = { ...putParameter('/never'), RoleArn, DeadLetterConfig: { Arn } };
    const name = await create({ ScheduleExpression: at(minute), Target });
    await advance(minute);
    await expect
      .poll(async () => {
        const input = { QueueUrl, MessageAttributeNames: ['All'] };
        const { Messages } = await sqs.send(new ReceiveMessageCommand(input));
        return Messages?.[0] && { Body: Messages[0].Body, attributes: Messages[0].MessageAttributes };
      })
      .toMatchObject({
        Body: JSON.stringify({ Name: '/never', Value: 'written', Type: 'String', Overwrite: true }),
        attributes: {
          ERROR_CODE: { StringValue: 'AccessDeniedException' },
          RETRY_ATTEMPTS: { StringValue: '0' },
          SCHEDULE_ARN: { StringValue: arn('scheduler', `schedule/default/${name}`) },
          TARGET_ARN: { StringValue: 'arn:aws:scheduler:::aws-sdk:ssm:putParameter' },
        },
      });
  });
});

describe('a target', () => {
  it('gets the context attributes of the invocation', async () => {
    const name = await create({
      ScheduleExpression: at(minute),
      Target: putParameter('/context', '<aws.scheduler.schedule-arn> attempt <aws.scheduler.attempt-number>'),
    });
    await advance(minute);
    await eventually('/context', `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${name} attempt 1`);
  });

  it('takes member names with a small first letter', async () => {
    const name = `/small-${++made}`;
    const Input = JSON.stringify({ name, value: 'x', type: 'String' });
    await create({ ScheduleExpression: at(minute), Target: { ...putParameter(name), Input } });
    await advance(minute);
    await eventually(name, 'x');
  });

  it('is called again while it throttles', async () => {
    const name = await create({ ScheduleExpression: at(minute) });
    const effect = { kind: 'fail', code: 'ThrottlingException', message: 'Rate exceeded' };
    await control('faults', 'POST', { service: 'ssm', operation: 'PutParameter', times: 2, effect });
    await advance(minute);
    await expect
      .poll(async () => {
        await advance(5_000);
        return value(`/${name}`);
      })
      .toBe('written');
  });

  it('is given up when its role may not call it, and the log says so', async () => {
    const powerless = await newRole('powerless', 'scheduler.amazonaws.com', ['ssm:GetParameter']);
    const name = `/denied-${++made}`;
    await create({ ScheduleExpression: at(minute), Target: { ...putParameter(name), RoleArn: powerless } });
    await advance(minute);
    await expect.poll(() => cloud.lines.join('\n')).toMatch(/was not delivered after 1 attempts: .*ssm:PutParameter/);
    expect(await value(name)).toBeUndefined();
  });
});

describe('what is refused', () => {
  it.each([
    ['at(2020-01-01T00:00:00)', 'ValidationException'],
    ['at(2030-02-30T00:00:00)', 'ValidationException'],
    ['at(tomorrow)', 'ValidationException'],
    ['rate(0 minutes)', 'ValidationException'],
    ['rate(5 seconds)', 'ValidationException'],
    ['every day', 'ValidationException'],
    ['cron(0 12 * * *)', 'ValidationException'],
  ])('the expression %s', async (ScheduleExpression, name) => {
    await expect(create({ ScheduleExpression })).rejects.toMatchObject({ name });
  });

  it.each<[string, Partial<CreateScheduleCommandInput>, string]>([
    ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }, 'Invalid ScheduleExpressionTimezone'],
    ['an unknown group', { GroupName: 'other' }, 'Schedule group other does not exist'],
    ['a window without its length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, 'MaximumWindowInMinutes'],
    ['a bad name', { Name: 'with space' }, "at 'name'"],
  ])('%s', async (_, more, message) => {
    await expect(create(more)).rejects.toThrow(message);
  });

  it.each([
    ['an action that only reads', 'arn:aws:scheduler:::aws-sdk:ssm:getParameter', '{}', 'read-only'],
    ['an action that is none', 'arn:aws:scheduler:::aws-sdk:ssm:explode', '{}', 'not an API action of ssm'],
    ['a service that is not here', 'arn:aws:scheduler:::aws-sdk:braket:cancelJob', '{}', 'no such service'],
    ['a field the action has not', 'arn:aws:scheduler:::aws-sdk:ssm:deleteParameter', '{"Nam":1}', "field 'Nam'"],
    ['an input that is no JSON', 'arn:aws:scheduler:::aws-sdk:ssm:deleteParameter', '{', 'not well-formed JSON'],
    ['something that is no ARN', 'function', '{}', 'not in correct format'],
  ])('%s as a target', async (_, Arn, Input, message) => {
    await expect(create({ Target: { Arn, RoleArn, Input } })).rejects.toThrow(message);
  });

  it('a role that does not trust the scheduler', async () => {
    const other = await newRole('other-service', 'lambda.amazonaws.com', ['ssm:PutParameter']);
    await expect(create({ Target: { ...putParameter('/x'), RoleArn: other } })).rejects.toThrow(
      'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
    );
  });

  it('retries beyond the limits', async () => {
    const withRetries = (RetryPolicy: object) => create({ Target: { ...putParameter('/x'), RetryPolicy } });
    await expect(withRetries({ MaximumRetryAttempts: 186 })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(withRetries({ MaximumEventAgeInSeconds: 59 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('a second schedule of the same name, and one that is not there', async () => {
    const Name = await create();
    await expect(create({ Name })).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(scheduler.send(new GetScheduleCommand({ Name: 'missing' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Schedule missing does not exist.',
    });
  });
});

describe('GetSchedule', () => {
  it('gives back what was created, with the defaults', async () => {
    const ScheduleExpression = at(day);
    const Name = await create({ ScheduleExpression, Description: 'a day later' });
    expect(await scheduler.send(new GetScheduleCommand({ Name }))).toMatchObject({
      Arn: `arn:aws:scheduler:us-east-1:000000000000:schedule/default/${Name}`,
      GroupName: 'default',
      ScheduleExpression,
      ScheduleExpressionTimezone: 'UTC',
      Description: 'a day later',
      State: 'ENABLED',
      ActionAfterCompletion: 'NONE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RoleArn, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
    });
  });

  it('lists page by page', async () => {
    const names = [await create(), await create(), await create()].sort();
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await scheduler.send(new ListSchedulesCommand({ MaxResults: 1, NextToken }));
      seen.push(...(page.Schedules ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toEqual(expect.arrayContaining(names));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

it('a repeated create with its token is the same create', async () => {
  const input = {
    Name: 'repeated',
    ClientToken: 'one-token',
    ScheduleExpression: at(day),
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    Target: putParameter('/repeated'),
  };
  const first = await scheduler.send(new CreateScheduleCommand(input));
  const second = await scheduler.send(new CreateScheduleCommand(input));
  expect(second.ScheduleArn).toBe(first.ScheduleArn);
});
