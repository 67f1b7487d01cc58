import type { CreateScheduleCommandInput, Target } from '@aws-sdk/client-scheduler';
import { AwsError } from '../../errors.ts';
import type { Call, Cloud } from '../../service.ts';

type Given = Pick<
  CreateScheduleCommandInput,
  'Description' | 'StartDate' | 'EndDate' | 'FlexibleTimeWindow' | 'ActionAfterCompletion'
>;

export interface StoredSchedule extends Given {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly target: Target;
  readonly clientToken: string | undefined;
  readonly created: Date;
  readonly modified: Date;
}

/** Schedules live in the group `default`, the one every account has. */
export const defaultGroup = 'default';

export function schedulesOf(cloud: Cloud, account: string, region: string): Map<string, StoredSchedule> {
  return cloud.store('scheduler', account, region, () => ({ schedules: new Map<string, StoredSchedule>() })).schedules;
}

interface ScheduleInput {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

/** Throws ResourceNotFoundException for a schedule or group that is not there. */
export function scheduleOf(input: ScheduleInput, call: Call): StoredSchedule {
  checkGroup(input.GroupName);
  const schedule = schedulesOf(call.cloud, call.account, call.region).get(input.Name ?? '');
  if (!schedule) throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`);
  return schedule;
}

export function checkGroup(name: string | undefined): void {
  if (name === undefined || name === defaultGroup) return;
  throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`);
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export function scheduleArn({ account, region }: Place, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${defaultGroup}/${name}`;
}

/** What target roles see as `aws:SourceArn` ("Confused deputy prevention", EventBridge Scheduler User Guide). */
export function groupArn({ account, region }: Place): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${defaultGroup}`;
}
