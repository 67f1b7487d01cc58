import { isDeepStrictEqual } from 'node:util';
import type {
  AuthorizeSecurityGroupIngressCommandOutput,
  DescribeSecurityGroupRulesCommandOutput,
} from '@aws-sdk/client-ec2';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { ipPermission } from './ec2-ip-permission.ts';

const common = ['CidrIp', 'CidrIpv6', 'Description', 'FromPort', 'GroupId', 'IpProtocol', 'ToPort'];

export const ec2SecurityGroupIngress = ruleProvider('Ingress', [
  ...common,
  'SourcePrefixListId',
  'SourceSecurityGroupId',
  'SourceSecurityGroupName',
  'SourceSecurityGroupOwnerId',
]);

export const ec2SecurityGroupEgress = ruleProvider('Egress', [
  ...common,
  'DestinationPrefixListId',
  'DestinationSecurityGroupId',
]);

function ruleProvider(direction: 'Ingress' | 'Egress', properties: readonly string[]): ResourceProvider {
  return {
    type: `AWS::EC2::SecurityGroup${direction}`,
    properties,
    async create(request) {
      const { GroupId } = request.properties;
      const input = { GroupId, IpPermissions: [ipPermission(request.properties)] };
      const { SecurityGroupRules } = await request.call<AuthorizeSecurityGroupIngressCommandOutput>(
        'ec2',
        `AuthorizeSecurityGroup${direction}`,
        input,
      );
      return resultOf(SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '');
    },
    /** Only the description can change. */
    async update(request) {
      const { GroupId } = request.properties;
      if (!isDeepStrictEqual(request.properties, request.previous)) {
        const IpPermissions = [ipPermission(request.properties)];
        const operation = `UpdateSecurityGroupRuleDescriptions${direction}`;
        await request.call('ec2', operation, { GroupId, IpPermissions });
      }
      return resultOf(request.physicalId);
    },
    async delete(request) {
      const { physicalId } = request;
      await unlessGone(['InvalidSecurityGroupRuleId.NotFound', 'InvalidGroup.NotFound'], async () => {
        const { SecurityGroupRules } = await request.call<DescribeSecurityGroupRulesCommandOutput>(
          'ec2',
          'DescribeSecurityGroupRules',
          { SecurityGroupRuleIds: [physicalId] },
        );
        const GroupId = SecurityGroupRules?.[0]?.GroupId;
        const input = { GroupId, SecurityGroupRuleIds: [physicalId] };
        await request.call('ec2', `RevokeSecurityGroup${direction}`, input);
      });
    },
  };
}

const resultOf = (physicalId: string) => ({ physicalId, attributes: { Id: physicalId } });
