import type { CreateScheduleCommandOutput, UpdateScheduleCommandOutput } from '@aws-sdk/client-scheduler';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { withTargetTask } from './target-task.ts';

export const schedulerSchedule: ResourceProvider = {
  type: 'AWS::Scheduler::Schedule',
  properties: [
    'Description',
    'EndDate',
    'FlexibleTimeWindow',
    'GroupName',
    'KmsKeyArn',
    'Name',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'State',
    'Target',
  ],
  async create(request) {
    const Name = request.properties['Name'] ?? physicalName(request, { longest: 64 });
    const input = { ...inputOf(request.properties), Name };
    const { ScheduleArn } = await request.call<CreateScheduleCommandOutput>('scheduler', 'CreateSchedule', input);
    return { physicalId: Name, attributes: { Arn: ScheduleArn } };
  },
  async update(request) {
    const { physicalId: Name, properties, previous } = request;
    if (properties['GroupName'] !== previous['GroupName']) {
      throw new Error('A schedule cannot move to another group (GroupName): give it another Name as well.');
    }
    const input = { ...inputOf(properties), Name };
    const { ScheduleArn } = await request.call<UpdateScheduleCommandOutput>('scheduler', 'UpdateSchedule', input);
    return { physicalId: Name, attributes: { Arn: ScheduleArn } };
  },
  async delete(request) {
    const { GroupName } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('scheduler', 'DeleteSchedule', { Name: request.physicalId, GroupName }),
    );
  },
};

/** The properties are the API's members; only dates are text in a template, and tasks have members of other names. */
function inputOf({ StartDate, EndDate, Target, ...rest }: Properties): object {
  return {
    ...rest,
    Target: withTargetTask(Target),
    ...(StartDate && { StartDate: new Date(StartDate) }),
    ...(EndDate && { EndDate: new Date(EndDate) }),
  };
}
