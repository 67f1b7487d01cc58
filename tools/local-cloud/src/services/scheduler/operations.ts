import type {
  CreateScheduleCommandInput,
  CreateScheduleCommandOutput,
  DeleteScheduleCommandInput,
  DeleteScheduleCommandOutput,
  GetScheduleCommandInput,
  GetScheduleCommandOutput,
  ListSchedulesCommandInput,
  ListSchedulesCommandOutput,
  UpdateScheduleCommandInput,
  UpdateScheduleCommandOutput,
} from '@aws-sdk/client-scheduler';
import { AwsError, validationError } from '../../errors.ts';
import { passRoleDemand } from '../../iam/pass-role.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { defaultGroup, groupOf, keyOf, type StoredSchedule, scheduleArn, scheduleOf, schedulerOf } from './state.ts';
import { arm, disarm } from './timers.ts';
import { checkedSchedule } from './validate.ts';

interface NameInput {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

function onSchedule(action: string) {
  return ({ Name: name = '', GroupName: group = defaultGroup }: NameInput, call: Call): readonly Demand[] => [
    {
      action: `scheduler:${action}`,
      resource: scheduleArn({ account: call.account, region: call.region, group, name }),
    },
  ];
}

function writing(action: string) {
  return (input: CreateScheduleCommandInput, call: Call): readonly Demand[] => [
    ...onSchedule(action)(input, call),
    passRoleDemand(input.Target?.RoleArn ?? '*', 'scheduler.amazonaws.com'),
  ];
}

const createSchedule = operation<CreateScheduleCommandInput, CreateScheduleCommandOutput>({
  demands: writing('CreateSchedule'),
  async run(input, call) {
    const { Name: name = '', ClientToken } = input;
    const { name: group } = groupOf(input.GroupName, call);
    const { schedules } = schedulerOf(call.cloud, call);
    const key = keyOf({ group, name });
    const existing = schedules.get(key);
    const answer = { ScheduleArn: scheduleArn({ account: call.account, region: call.region, group, name }) };
    // A call repeated with its token is the same call.
    if (existing && ClientToken !== undefined && existing.clientToken === ClientToken) return answer;
    if (existing) throw new AwsError('ConflictException', `Schedule ${name} already exists.`);
    const schedule = await checkedSchedule(input, call);
    schedules.set(key, schedule);
    arm(schedule, call.cloud);
    return answer;
  },
});

const updateSchedule = operation<UpdateScheduleCommandInput, UpdateScheduleCommandOutput>({
  demands: writing('UpdateSchedule'),
  async run(input, call) {
    const existing = scheduleOf(input, call);
    const updated = { ...(await checkedSchedule(input, call)), created: existing.created };
    schedulerOf(call.cloud, call).schedules.set(keyOf(existing), updated);
    arm(updated, call.cloud);
    return { ScheduleArn: scheduleArn(existing) };
  },
});

const deleteSchedule = operation<DeleteScheduleCommandInput, DeleteScheduleCommandOutput>({
  demands: onSchedule('DeleteSchedule'),
  run(input, call) {
    const schedule = scheduleOf(input, call);
    disarm(schedule, call.cloud);
    schedulerOf(call.cloud, call).schedules.delete(keyOf(schedule));
    return {};
  },
});

const getSchedule = operation<GetScheduleCommandInput, GetScheduleCommandOutput>({
  demands: onSchedule('GetSchedule'),
  run(input, call) {
    const schedule = scheduleOf(input, call);
    return {
      Arn: scheduleArn(schedule),
      GroupName: schedule.group,
      Name: schedule.name,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timeZone,
      State: schedule.state,
      Target: schedule.target,
      FlexibleTimeWindow: schedule.FlexibleTimeWindow,
      ActionAfterCompletion: schedule.ActionAfterCompletion,
      CreationDate: schedule.created,
      LastModificationDate: schedule.modified,
      ...(schedule.Description !== undefined && { Description: schedule.Description }),
      ...(schedule.StartDate && { StartDate: schedule.StartDate }),
      ...(schedule.EndDate && { EndDate: schedule.EndDate }),
    };
  },
});

const listSchedules = operation<ListSchedulesCommandInput, ListSchedulesCommandOutput>({
  demands: () => [{ action: 'scheduler:ListSchedules', resource: '*' }],
  run(input, call) {
    if (input.GroupName !== undefined) groupOf(input.GroupName, call);
    const found = [...schedulerOf(call.cloud, call).schedules.values()]
      .filter(({ group }) => input.GroupName === undefined || group === input.GroupName)
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .filter(({ state }) => input.State === undefined || state === input.State)
      .filter((schedule) => input.NextToken === undefined || keyOf(schedule) > keyIn(input.NextToken))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const size = input.MaxResults ?? 100;
    // "ListSchedules": 1 to 100.
    if (size < 1 || size > 100) throw validationError(`MaxResults is 1 to 100, not ${size}.`);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      Schedules: page.map(summary),
      ...(last && page.length < found.length && { NextToken: Buffer.from(keyOf(last)).toString('base64url') }),
    };
  },
});

function keyIn(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function summary(schedule: StoredSchedule) {
  return {
    Arn: scheduleArn(schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.state,
    CreationDate: schedule.created,
    LastModificationDate: schedule.modified,
    Target: { Arn: schedule.target.Arn },
  };
}

export const scheduleOperations = {
  CreateSchedule: createSchedule,
  UpdateSchedule: updateSchedule,
  DeleteSchedule: deleteSchedule,
  GetSchedule: getSchedule,
  ListSchedules: listSchedules,
};
