import { isDeepStrictEqual } from 'node:util';
import type { CreateSecurityGroupCommandOutput, DescribeSecurityGroupsCommandOutput } from '@aws-sdk/client-ec2';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { ipPermission } from './ec2-ip-permission.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2SecurityGroup: ResourceProvider = {
  type: 'AWS::EC2::SecurityGroup',
  properties: ['GroupDescription', 'GroupName', 'SecurityGroupEgress', 'SecurityGroupIngress', 'Tags', 'VpcId'],
  async create(request) {
    const { GroupDescription, GroupName, VpcId } = request.properties;
    const input = {
      GroupName: GroupName ?? physicalName(request, { longest: 255 }),
      Description: GroupDescription,
      VpcId,
      ...tagSpecifications('security-group', request.properties),
    };
    const { GroupId = '' } = await request.call<CreateSecurityGroupCommandOutput>('ec2', 'CreateSecurityGroup', input);
    request.created(GroupId);
    await changeRules(request, GroupId, {});
    return resultOf(request, GroupId);
  },
  async update(request) {
    await changeRules(request, request.physicalId, request.previous);
    await changeTags(request, request.physicalId, request.previous);
    return resultOf(request, request.physicalId);
  },
  async delete(request) {
    await unlessGone(['InvalidGroup.NotFound'], () =>
      request.call('ec2', 'DeleteSecurityGroup', { GroupId: request.physicalId }),
    );
  },
};

/** What a group lets out when its template says nothing of it ("AWS::EC2::SecurityGroup"). */
const everythingOut = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }];

const directions = [
  { name: 'Ingress', property: 'SecurityGroupIngress', otherwise: [], fresh: [] },
  { name: 'Egress', property: 'SecurityGroupEgress', otherwise: everythingOut, fresh: everythingOut },
] as const;

/** Changes the group's own rules; those that AWS::EC2::SecurityGroupIngress and -Egress added stay. */
async function changeRules(request: ResourceRequest, GroupId: string, previous: Properties): Promise<void> {
  const isNew = Object.keys(previous).length === 0;
  for (const { name, property, otherwise, fresh } of directions) {
    const rulesIn = (properties: Properties): readonly Properties[] =>
      properties[property]?.length > 0 ? properties[property] : otherwise;
    const before = unique(isNew ? fresh : rulesIn(previous));
    const after = unique(rulesIn(request.properties));
    const missingIn = (list: readonly object[]) => (rule: object) => !list.some((one) => isDeepStrictEqual(one, rule));
    const removed = before.filter(missingIn(after));
    const added = after.filter(missingIn(before));
    if (removed.length > 0) {
      await unlessGone(['InvalidPermission.NotFound'], () =>
        request.call('ec2', `RevokeSecurityGroup${name}`, { GroupId, IpPermissions: removed }),
      );
    }
    if (added.length > 0) {
      await request.call('ec2', `AuthorizeSecurityGroup${name}`, { GroupId, IpPermissions: added });
    }
  }
}

function unique(rules: readonly Properties[]): object[] {
  const permissions = rules.map(ipPermission);
  return permissions.filter((one, i) => !permissions.slice(0, i).some((other) => isDeepStrictEqual(one, other)));
}

async function resultOf(request: ResourceRequest, GroupId: string): Promise<ResourceResult> {
  const { SecurityGroups } = await request.call<DescribeSecurityGroupsCommandOutput>('ec2', 'DescribeSecurityGroups', {
    GroupIds: [GroupId],
  });
  return { physicalId: GroupId, attributes: { GroupId, Id: GroupId, VpcId: SecurityGroups?.[0]?.VpcId } };
}
