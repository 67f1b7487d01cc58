import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { expect } from 'vitest';
import { scheduler as service } from '../src/services/scheduler/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';
import { roleFor } from './role.ts';

const reference = (operation: string) => `EventBridge Scheduler API Reference, ${operation}`;

/** A role that the scheduler may take, and a schedule that would call a function with it. */
async function schedule(target: Target) {
  const { RoleArn } = await roleFor(target, { Service: 'scheduler.amazonaws.com' });
  const scheduler = target.client(SchedulerClient);
  const input: CreateScheduleCommandInput = {
    Name: target.name(),
    ScheduleExpression: 'at(2037-01-01T00:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: `arn:aws:lambda:${target.region}:${target.account}:function:none`,
      RoleArn,
    },
  };
  const create = async (more: Partial<CreateScheduleCommandInput> = {}) => {
    const made = await scheduler.send(new CreateScheduleCommand({ ...input, ...more }));
    const { GroupName } = more;
    target.afterwards(() => scheduler.send(new DeleteScheduleCommand({ Name: input.Name, GroupName })));
    return made;
  };
  /** A new role is not known at once everywhere. */
  const established = (more: Partial<CreateScheduleCommandInput> = {}) => target.until(() => create(more));
  return { scheduler, Name: input.Name, input, create, established };
}

async function group(target: Target) {
  const scheduler = target.client(SchedulerClient);
  const Name = target.name();
  const { ScheduleGroupArn } = await scheduler.send(new CreateScheduleGroupCommand({ Name }));
  target.afterwards(() => scheduler.send(new DeleteScheduleGroupCommand({ Name })));
  return { scheduler, Name, ScheduleGroupArn };
}

export const scheduler: Contract = {
  service,
  claims: [
    {
      operation: 'CreateSchedule',
      claim: 'answers an ARN in the default group, and refuses the name a second time',
      source: reference('CreateSchedule'),
      async run(target) {
        const { Name, create, established } = await schedule(target);
        const { ScheduleArn } = await established();
        expect(ScheduleArn).toBe(`arn:aws:scheduler:${target.region}:${target.account}:schedule/default/${Name}`);
        expect((await refusal(create())).name).toBe('ConflictException');
      },
    },
    {
      operation: 'CreateSchedule',
      claim: 'refuses an expression it does not understand',
      source: 'EventBridge Scheduler User Guide, Schedule types',
      async run(target) {
        const { create } = await schedule(target);
        expect((await refusal(create({ ScheduleExpression: 'at(tomorrow)' }))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'CreateSchedule',
      beside: ['GetSchedule'],
      claim: 'takes cron expressions in a time zone, and asks for one of the two days to be left open',
      source: 'EventBridge Scheduler User Guide, Schedule types',
      async run(target) {
        const { scheduler, Name, create, established } = await schedule(target);
        const ScheduleExpression = 'cron(0 8 ? * MON-FRI *)';
        await established({ ScheduleExpression, ScheduleExpressionTimezone: 'Europe/Berlin' });
        const made = await scheduler.send(new GetScheduleCommand({ Name }));
        expect(made).toMatchObject({ ScheduleExpression, ScheduleExpressionTimezone: 'Europe/Berlin' });
        const both = create({ Name: target.name(), ScheduleExpression: 'cron(0 8 1 * MON *)' });
        expect((await refusal(both)).name).toBe('ValidationException');
      },
    },
    {
      operation: 'CreateSchedule',
      claim: 'refuses a name of 65 characters',
      limit: '64 characters a name',
      source: reference('CreateSchedule'),
      async run(target) {
        const { create } = await schedule(target);
        expect((await refusal(create({ Name: 's'.repeat(65) }))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'GetSchedule',
      claim: 'gives the schedule as it was made, enabled',
      source: reference('GetSchedule'),
      async run(target) {
        const { scheduler, Name, established } = await schedule(target);
        await established();
        const made = await scheduler.send(new GetScheduleCommand({ Name }));
        expect(made).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'at(2037-01-01T00:00:00)' });
      },
    },
    {
      operation: 'GetSchedule',
      claim: 'does not know what is not there',
      source: reference('GetSchedule'),
      async run(target) {
        const call = new GetScheduleCommand({ Name: target.name() });
        expect((await refusal(target.client(SchedulerClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'ListSchedules',
      claim: 'finds schedules by the beginning of their names',
      source: reference('ListSchedules'),
      async run(target) {
        const { scheduler, Name, established } = await schedule(target);
        await established();
        const { Schedules } = await scheduler.send(new ListSchedulesCommand({ NamePrefix: Name }));
        expect(Schedules?.map((one) => one.Name)).toEqual([Name]);
      },
    },
    {
      operation: 'DeleteSchedule',
      claim: 'does not know what is not there',
      source: reference('DeleteSchedule'),
      async run(target) {
        const call = new DeleteScheduleCommand({ Name: target.name() });
        expect((await refusal(target.client(SchedulerClient).send(call))).name).toBe('ResourceNotFoundException');
      },
    },
    {
      operation: 'UpdateSchedule',
      claim: 'puts the whole schedule anew: what is not said again is as by default',
      source: reference('UpdateSchedule'),
      async run(target) {
        const { scheduler, Name, established, input } = await schedule(target);
        await established({ Description: 'first', State: 'DISABLED' });
        await scheduler.send(new UpdateScheduleCommand({ ...input, ScheduleExpression: 'at(2038-01-01T00:00:00)' }));
        const now = await scheduler.send(new GetScheduleCommand({ Name }));
        expect(now).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'at(2038-01-01T00:00:00)' });
        expect(now.Description).toBeUndefined();
      },
    },
    {
      operation: 'CreateScheduleGroup',
      beside: ['GetScheduleGroup', 'ListScheduleGroups'],
      claim: 'makes a group beside the default one, once',
      source: reference('CreateScheduleGroup'),
      async run(target) {
        const { scheduler, Name, ScheduleGroupArn } = await group(target);
        expect(ScheduleGroupArn).toBe(`arn:aws:scheduler:${target.region}:${target.account}:schedule-group/${Name}`);
        const again = scheduler.send(new CreateScheduleGroupCommand({ Name }));
        expect((await refusal(again)).name).toBe('ConflictException');
        expect((await scheduler.send(new GetScheduleGroupCommand({ Name: 'default' }))).State).toBe('ACTIVE');
        const { ScheduleGroups } = await scheduler.send(new ListScheduleGroupsCommand({ NamePrefix: Name }));
        expect(ScheduleGroups?.map((one) => one.Name)).toEqual([Name]);
      },
    },
    {
      operation: 'CreateSchedule',
      beside: ['ListSchedules'],
      claim: 'takes a name again in another group',
      source: 'EventBridge Scheduler User Guide, Managing a schedule group',
      async run(target) {
        const { scheduler, Name: GroupName } = await group(target);
        const { Name, create, established } = await schedule(target);
        await established();
        const { ScheduleArn } = await create({ GroupName, ClientToken: target.name() });
        expect(ScheduleArn).toMatch(new RegExp(`:schedule/${GroupName}/${Name}$`));
        const { Schedules } = await scheduler.send(new ListSchedulesCommand({ GroupName }));
        expect(Schedules?.map((one) => one.Name)).toEqual([Name]);
      },
    },
    {
      operation: 'DeleteScheduleGroup',
      claim: 'does not delete the default group',
      source: reference('DeleteScheduleGroup'),
      async run(target) {
        const call = new DeleteScheduleGroupCommand({ Name: 'default' });
        expect((await refusal(target.client(SchedulerClient).send(call))).name).toBe('ValidationException');
      },
    },
    {
      operation: 'TagResource',
      beside: ['UntagResource', 'ListTagsForResource'],
      claim: 'puts tags on groups until UntagResource takes them away',
      source: reference('TagResource'),
      async run(target) {
        const { scheduler, ScheduleGroupArn: ResourceArn } = await group(target);
        const tags = async () => (await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
        await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'team', Value: 'orders' }] }));
        expect(await tags()).toEqual([{ Key: 'team', Value: 'orders' }]);
        await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
        expect(await tags()).toEqual([]);
      },
    },
  ],
};
