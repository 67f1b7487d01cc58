import type { CreateScheduleGroupCommandOutput } from '@aws-sdk/client-scheduler';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { tagChanges, unlessGone } from './calls.ts';

export const schedulerScheduleGroup: ResourceProvider = {
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: ['Name', 'Tags'],
  async create(request) {
    const Name = request.properties['Name'] ?? physicalName(request, { longest: 64 });
    const { Tags } = request.properties;
    const { ScheduleGroupArn: Arn } = await request.call<CreateScheduleGroupCommandOutput>(
      'scheduler',
      'CreateScheduleGroup',
      { Name, Tags },
    );
    return { physicalId: Name, attributes: { Arn, State: 'ACTIVE' } };
  },
  async update({ call, physicalId, properties, previous, attributes }) {
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    const ResourceArn = attributes['Arn'];
    if (removed.length > 0) await call('scheduler', 'UntagResource', { ResourceArn, TagKeys: removed });
    if (set.length > 0) await call('scheduler', 'TagResource', { ResourceArn, Tags: set });
    return { physicalId, attributes };
  },
  async delete({ call, physicalId: Name }) {
    await unlessGone(['ResourceNotFoundException'], () => call('scheduler', 'DeleteScheduleGroup', { Name }));
  },
};
