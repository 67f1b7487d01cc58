import type {
  CreateScheduleGroupCommandInput,
  CreateScheduleGroupCommandOutput,
  DeleteScheduleGroupCommandInput,
  DeleteScheduleGroupCommandOutput,
  GetScheduleGroupCommandInput,
  GetScheduleGroupCommandOutput,
  ListScheduleGroupsCommandInput,
  ListScheduleGroupsCommandOutput,
} from '@aws-sdk/client-scheduler';
import { between, lengthBetween, matches, validationErrors } from '../../constraints.ts';
import { AwsError, validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { defaultGroup, groupArn, groupOf, newGroup, type ScheduleGroup, schedulerOf } from './state.ts';
import { tag } from './tags.ts';
import { disarm } from './timers.ts';

/** "Quotas for EventBridge Scheduler": groups of an account and region. */
const mostGroups = 500;

const onGroup =
  (action: string) =>
  ({ Name = '' }: { Name?: string | undefined }, call: Call) => [
    { action: `scheduler:${action}`, resource: groupArn(call, Name) },
  ];

const createScheduleGroup = operation<CreateScheduleGroupCommandInput, CreateScheduleGroupCommandOutput>({
  demands: onGroup('CreateScheduleGroup'),
  run({ Name = '', Tags, ClientToken }, call) {
    const problem = validationErrors([lengthBetween('name', Name, 1, 64), matches('name', Name, '[0-9a-zA-Z-_.]+')]);
    if (problem) throw validationError(problem);
    const { groups } = schedulerOf(call.cloud, call);
    const ScheduleGroupArn = groupArn(call, Name);
    const existing = groups.get(Name);
    // A call repeated with its token is the same call.
    if (existing && ClientToken !== undefined && existing.clientToken === ClientToken) return { ScheduleGroupArn };
    if (existing) throw new AwsError('ConflictException', `Schedule group ${Name} already exists.`);
    if (groups.size >= mostGroups) {
      throw new AwsError('ServiceQuotaExceededException', `There are ${mostGroups} schedule groups already.`);
    }
    const group = newGroup(Name, call.cloud, ClientToken);
    tag(group, Tags);
    groups.set(Name, group);
    return { ScheduleGroupArn };
  },
});

/** "Deleting a schedule group also deletes all of its schedules"; here both are gone at once. */
const deleteScheduleGroup = operation<DeleteScheduleGroupCommandInput, DeleteScheduleGroupCommandOutput>({
  demands: onGroup('DeleteScheduleGroup'),
  run(input, call) {
    const { name } = groupOf(input.Name, call);
    if (name === defaultGroup) throw validationError('The default schedule group cannot be deleted.');
    const { groups, schedules } = schedulerOf(call.cloud, call);
    for (const [key, schedule] of schedules) {
      if (schedule.group !== name) continue;
      disarm(schedule, call.cloud);
      schedules.delete(key);
    }
    groups.delete(name);
    return {};
  },
});

const getScheduleGroup = operation<GetScheduleGroupCommandInput, GetScheduleGroupCommandOutput>({
  demands: onGroup('GetScheduleGroup'),
  run: (input, call) => summary(groupOf(input.Name, call), call),
});

const listScheduleGroups = operation<ListScheduleGroupsCommandInput, ListScheduleGroupsCommandOutput>({
  demands: () => [{ action: 'scheduler:ListScheduleGroups', resource: '*' }],
  run({ NamePrefix = '', NextToken, MaxResults = 100 }, call) {
    const problem = validationErrors([between('maxResults', MaxResults, 1, 100)]);
    if (problem) throw validationError(problem);
    const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
    const found = [...schedulerOf(call.cloud, call).groups.values()]
      .filter(({ name }) => name.startsWith(NamePrefix) && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      ScheduleGroups: page.map((group) => summary(group, call)),
      ...(last && page.length < found.length && { NextToken: Buffer.from(last.name).toString('base64url') }),
    };
  },
});

function summary({ name, created }: ScheduleGroup, call: Call) {
  const Arn = groupArn(call, name);
  return { Name: name, Arn, State: 'ACTIVE' as const, CreationDate: created, LastModificationDate: created };
}

export const groupOperations = {
  CreateScheduleGroup: createScheduleGroup,
  DeleteScheduleGroup: deleteScheduleGroup,
  GetScheduleGroup: getScheduleGroup,
  ListScheduleGroups: listScheduleGroups,
};
