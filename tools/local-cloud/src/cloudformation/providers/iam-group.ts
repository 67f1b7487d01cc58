import type { CreateGroupCommandOutput, GetGroupCommandOutput } from '@aws-sdk/client-iam';
import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changePolicies } from './iam-identity.ts';

export const iamGroup: ResourceProvider = {
  type: 'AWS::IAM::Group',
  properties: ['GroupName', 'ManagedPolicyArns', 'Path', 'Policies'],
  async create(request) {
    const { Path } = request.properties;
    const GroupName = request.properties['GroupName'] ?? physicalName(request, { longest: 128 });
    const { Group } = await request.call<CreateGroupCommandOutput>('iam', 'CreateGroup', { GroupName, Path });
    request.created(GroupName);
    await changePolicies(request, 'Group', GroupName, {}, request.properties);
    return { physicalId: GroupName, attributes: { Arn: Group?.Arn } };
  },
  async update(request) {
    const { physicalId: GroupName, properties, previous } = request;
    if (properties['Path'] !== previous['Path']) {
      throw new Error('The embedded cloud cannot move a group to another Path: give it another GroupName as well.');
    }
    await changePolicies(request, 'Group', GroupName, previous, properties);
    const { Group } = await request.call<GetGroupCommandOutput>('iam', 'GetGroup', { GroupName });
    return { physicalId: GroupName, attributes: { Arn: Group?.Arn } };
  },
  async delete(request) {
    const { physicalId: GroupName } = request;
    await unlessGone(['NoSuchEntity'], async () => {
      await changePolicies(request, 'Group', GroupName, request.properties, {});
      await request.call('iam', 'DeleteGroup', { GroupName });
    });
  },
};
