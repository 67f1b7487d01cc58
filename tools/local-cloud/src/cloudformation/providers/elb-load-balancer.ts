import { isDeepStrictEqual } from 'node:util';
import type {
  CreateLoadBalancerCommandOutput,
  DescribeLoadBalancersCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { until } from './calls.ts';
import { changeElbTags } from './elb-tags.ts';

const service = 'elasticloadbalancing';

export const elbLoadBalancer: ResourceProvider = {
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  properties: [
    'IpAddressType',
    'LoadBalancerAttributes',
    'Name',
    'Scheme',
    'SecurityGroups',
    'SubnetMappings',
    'Subnets',
    'Tags',
    'Type',
  ],
  async create(request) {
    const { LoadBalancerAttributes, ...own } = request.properties;
    const Name = own['Name'] ?? elbName(request);
    const { LoadBalancers } = await request.call<CreateLoadBalancerCommandOutput>(service, 'CreateLoadBalancer', {
      ...own,
      Name,
    });
    const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    request.created(arn);
    await changeAttributes(request, arn, {});
    await until(request, async () => (await describe(request, arn))?.State?.Code === 'active');
    return resultOf(request, arn);
  },
  async update(request) {
    const { physicalId: LoadBalancerArn, properties, previous } = request;
    const changed = (name: string) => !isDeepStrictEqual(properties[name], previous[name]);
    if (changed('IpAddressType'))
      throw new Error('The embedded cloud cannot change IpAddressType of a load balancer: give it another logical ID.');
    if (changed('Subnets') || changed('SubnetMappings')) {
      const { Subnets, SubnetMappings } = properties;
      await request.call(service, 'SetSubnets', { LoadBalancerArn, Subnets, SubnetMappings });
    }
    if (changed('SecurityGroups')) {
      const { SecurityGroups } = properties;
      await request.call(service, 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups });
    }
    await changeAttributes(request, LoadBalancerArn, previous);
    await changeElbTags(request, LoadBalancerArn, previous);
    return resultOf(request, LoadBalancerArn);
  },
  async delete(request) {
    await request.call(service, 'DeleteLoadBalancer', { LoadBalancerArn: request.physicalId });
  },
};

/** Names of load balancers and target groups have 32 characters and do not end in a hyphen. */
export function elbName(request: ResourceRequest): string {
  return physicalName(request, { longest: 32 });
}

async function changeAttributes(request: ResourceRequest, LoadBalancerArn: string, previous: Properties) {
  const { LoadBalancerAttributes: Attributes = [] } = request.properties;
  if (Attributes.length === 0 || isDeepStrictEqual(Attributes, previous['LoadBalancerAttributes'])) return;
  await request.call(service, 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes });
}

async function describe(request: ResourceRequest, arn: string) {
  const { LoadBalancers } = await request.call<DescribeLoadBalancersCommandOutput>(service, 'DescribeLoadBalancers', {
    LoadBalancerArns: [arn],
  });
  return LoadBalancers?.[0];
}

async function resultOf(request: ResourceRequest, arn: string): Promise<ResourceResult> {
  const found = await describe(request, arn);
  return {
    physicalId: arn,
    attributes: {
      LoadBalancerArn: arn,
      LoadBalancerName: found?.LoadBalancerName,
      LoadBalancerFullName: arn.slice(arn.indexOf('/') + 1),
      DNSName: found?.DNSName,
      CanonicalHostedZoneID: found?.CanonicalHostedZoneId,
      SecurityGroups: found?.SecurityGroups,
    },
  };
}
