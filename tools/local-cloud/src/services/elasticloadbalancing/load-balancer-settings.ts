import type {
  DescribeLoadBalancerAttributesCommandInput,
  DescribeLoadBalancerAttributesCommandOutput,
  ModifyLoadBalancerAttributesCommandInput,
  ModifyLoadBalancerAttributesCommandOutput,
  SetSecurityGroupsCommandInput,
  SetSecurityGroupsCommandOutput,
  SetSubnetsCommandInput,
  SetSubnetsCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Call, operation } from '../../service.ts';
import { listAttributes, loadBalancerAttributes, readAttributes } from './attributes.ts';
import { demand } from './demands.ts';
import { elbError } from './errors.ts';
import { loadBalancerOf } from './load-balancers.ts';
import { createInterfaces, deleteInterfaces, securityGroupsIn, subnetsOf } from './network.ts';
import { elbState, pathOf, type StoredLoadBalancer } from './state.ts';

interface Named {
  readonly LoadBalancerArn: string | undefined;
}

const onIt =
  (action: string) =>
  ({ LoadBalancerArn }: Named) =>
    demand(action, LoadBalancerArn);

const modifyLoadBalancerAttributes = operation<
  ModifyLoadBalancerAttributesCommandInput,
  ModifyLoadBalancerAttributesCommandOutput
>({
  demands: onIt('ModifyLoadBalancerAttributes'),
  run({ LoadBalancerArn, Attributes }, call) {
    const { attributes } = loadBalancerOf(elbState(call.cloud, call), LoadBalancerArn);
    for (const [key, value] of readAttributes(loadBalancerAttributes, Attributes)) attributes.set(key, value);
    return { Attributes: listAttributes(loadBalancerAttributes, attributes) };
  },
});

const describeLoadBalancerAttributes = operation<
  DescribeLoadBalancerAttributesCommandInput,
  DescribeLoadBalancerAttributesCommandOutput
>({
  demands: () => demand('DescribeLoadBalancerAttributes', '*'),
  run({ LoadBalancerArn }, call) {
    const { attributes } = loadBalancerOf(elbState(call.cloud, call), LoadBalancerArn);
    return { Attributes: listAttributes(loadBalancerAttributes, attributes) };
  },
});

const setSecurityGroups = operation<SetSecurityGroupsCommandInput, SetSecurityGroupsCommandOutput>({
  demands: onIt('SetSecurityGroups'),
  async run({ LoadBalancerArn, SecurityGroups }, call) {
    const found = loadBalancerOf(elbState(call.cloud, call), LoadBalancerArn);
    found.securityGroups = await securityGroupsIn(call.cloud, call, found.vpcId, SecurityGroups);
    await renewInterfaces(found, call);
    return { SecurityGroupIds: [...found.securityGroups] };
  },
});

const setSubnets = operation<SetSubnetsCommandInput, SetSubnetsCommandOutput>({
  demands: onIt('SetSubnets'),
  async run({ LoadBalancerArn, Subnets, SubnetMappings }, call) {
    const found = loadBalancerOf(elbState(call.cloud, call), LoadBalancerArn);
    const wanted = Subnets ?? SubnetMappings?.map(({ SubnetId = '' }) => SubnetId) ?? [];
    const subnets = await subnetsOf(call.cloud, call, wanted);
    if (subnets.some(({ VpcId }) => VpcId !== found.vpcId)) {
      throw elbError('InvalidConfigurationRequest', 'All subnets must belong to the VPC of the load balancer');
    }
    found.zones = subnets.map(({ SubnetId, AvailabilityZone: ZoneName }) => ({
      SubnetId,
      ZoneName,
      LoadBalancerAddresses: [],
    }));
    await renewInterfaces(found, call);
    return { AvailabilityZones: [...found.zones], IpAddressType: 'ipv4' };
  },
});

async function renewInterfaces(found: StoredLoadBalancer, { cloud, account, region }: Call): Promise<void> {
  const place = { account, region };
  await deleteInterfaces(cloud, place, found.interfaces);
  const subnets = found.zones.map(({ SubnetId = '' }) => SubnetId);
  found.interfaces = await createInterfaces(cloud, place, {
    path: pathOf(found.arn),
    subnets,
    groups: found.securityGroups,
  });
}

export const loadBalancerSettingsOperations = {
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  DescribeLoadBalancerAttributes: describeLoadBalancerAttributes,
  SetSecurityGroups: setSecurityGroups,
  SetSubnets: setSubnets,
};
