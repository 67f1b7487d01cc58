import { isDeepStrictEqual } from 'node:util';
import type {
  CreateTargetGroupCommandOutput,
  DescribeTargetGroupsCommandOutput,
  TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { elbName } from './elb-load-balancer.ts';
import { changeElbTags } from './elb-tags.ts';

const service = 'elasticloadbalancing';

const healthCheck = [
  'HealthCheckEnabled',
  'HealthCheckIntervalSeconds',
  'HealthCheckPath',
  'HealthCheckPort',
  'HealthCheckProtocol',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'Matcher',
  'UnhealthyThresholdCount',
];

export const elbTargetGroup: ResourceProvider = {
  type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  properties: [
    ...healthCheck,
    'IpAddressType',
    'Name',
    'Port',
    'Protocol',
    'ProtocolVersion',
    'Tags',
    'TargetGroupAttributes',
    'TargetType',
    'Targets',
    'VpcId',
  ],
  async create(request) {
    const { TargetGroupAttributes: _, Targets: __, ...own } = request.properties;
    const Name = own['Name'] ?? elbName(request);
    const { TargetGroups } = await request.call<CreateTargetGroupCommandOutput>(service, 'CreateTargetGroup', {
      ...own,
      Name,
    });
    const arn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    request.created(arn);
    await changeAttributes(request, arn, {});
    await changeTargets(request, arn, {});
    return resultOf(request, arn);
  },
  async update(request) {
    const { physicalId: TargetGroupArn, properties, previous } = request;
    if (healthCheck.some((name) => !isDeepStrictEqual(properties[name], previous[name]))) {
      const settings = Object.fromEntries(healthCheck.map((name) => [name, properties[name]]));
      await request.call(service, 'ModifyTargetGroup', { TargetGroupArn, ...settings });
    }
    await changeAttributes(request, TargetGroupArn, previous);
    await changeTargets(request, TargetGroupArn, previous);
    await changeElbTags(request, TargetGroupArn, previous);
    return resultOf(request, TargetGroupArn);
  },
  async delete(request) {
    await request.call(service, 'DeleteTargetGroup', { TargetGroupArn: request.physicalId });
  },
};

async function changeAttributes(request: ResourceRequest, TargetGroupArn: string, previous: Properties) {
  const { TargetGroupAttributes: Attributes = [] } = request.properties;
  if (Attributes.length === 0 || isDeepStrictEqual(Attributes, previous['TargetGroupAttributes'])) return;
  await request.call(service, 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes });
}

/** The template's own targets; those that a service of ECS registers are not its business. */
async function changeTargets(request: ResourceRequest, TargetGroupArn: string, previous: Properties): Promise<void> {
  const before: TargetDescription[] = previous['Targets'] ?? [];
  const after: TargetDescription[] = request.properties['Targets'] ?? [];
  const missingIn = (list: TargetDescription[]) => (one: TargetDescription) =>
    !list.some((other) => isDeepStrictEqual(one, other));
  const removed = before.filter(missingIn(after));
  const added = after.filter(missingIn(before));
  if (removed.length > 0) await request.call(service, 'DeregisterTargets', { TargetGroupArn, Targets: removed });
  if (added.length > 0) await request.call(service, 'RegisterTargets', { TargetGroupArn, Targets: added });
}

async function resultOf(request: ResourceRequest, arn: string): Promise<ResourceResult> {
  const { TargetGroups } = await request.call<DescribeTargetGroupsCommandOutput>(service, 'DescribeTargetGroups', {
    TargetGroupArns: [arn],
  });
  const [found] = TargetGroups ?? [];
  return {
    physicalId: arn,
    attributes: {
      TargetGroupArn: arn,
      TargetGroupName: found?.TargetGroupName,
      TargetGroupFullName: arn.slice(arn.lastIndexOf(':') + 1),
      LoadBalancerArns: found?.LoadBalancerArns,
    },
  };
}
