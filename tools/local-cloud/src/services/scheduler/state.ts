import type { CreateScheduleCommandInput, Target } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../errors.ts';
import type { Call, Cloud } from '../../service.ts';

type Given = Pick<
  CreateScheduleCommandInput,
  'Description' | 'StartDate' | 'EndDate' | 'FlexibleTimeWindow' | 'ActionAfterCompletion'
>;

export interface StoredSchedule extends Given, ScheduleName {
  readonly expression: string;
  readonly timeZone: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly target: Target;
  readonly clientToken: string | undefined;
  readonly created: Date;
  readonly modified: Date;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly created: Date;
  readonly clientToken: string | undefined;
  readonly tags: Map<string, string>;
}

interface SchedulerState {
  /** By group and name. */
  readonly schedules: Map<string, StoredSchedule>;
  readonly groups: Map<string, ScheduleGroup>;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

interface ScheduleName extends Place {
  readonly group: string;
  readonly name: string;
}

/** The group every account has. */
export const defaultGroup = 'default';

export function schedulerOf(cloud: Cloud, { account, region }: Place): SchedulerState {
  return cloud.store('scheduler', account, region, () => ({
    schedules: new Map<string, StoredSchedule>(),
    groups: new Map([[defaultGroup, newGroup(defaultGroup, cloud)]]),
  }));
}

export function newGroup(name: string, cloud: Cloud, clientToken?: string): ScheduleGroup {
  return { name, created: new Date(cloud.clock.now()), clientToken, tags: new Map() };
}

/** Where a schedule is found: names are unique within their group. */
export function keyOf({ group, name }: Pick<ScheduleName, 'group' | 'name'>): string {
  return `${group}/${name}`;
}

interface ScheduleInput {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

/** Throws ResourceNotFoundException for a schedule or group that is not there. */
export function scheduleOf(input: ScheduleInput, call: Call): StoredSchedule {
  const { name: group } = groupOf(input.GroupName, call);
  const { schedules } = schedulerOf(call.cloud, call);
  const schedule = schedules.get(keyOf({ group, name: input.Name ?? '' }));
  if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`);
  return schedule;
}

/** The group of that name, or the default one. Throws ResourceNotFoundException. */
export function groupOf(name: string | undefined, call: Call): ScheduleGroup {
  const group = schedulerOf(call.cloud, call).groups.get(name ?? defaultGroup);
  if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
  return group;
}

export function scheduleArn({ account, region, group, name }: ScheduleName): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;
}

/** Also what target roles see as `aws:SourceArn` ("Confused deputy prevention", EventBridge Scheduler User Guide). */
export function groupArn({ account, region }: Place, group: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${group}`;
}
