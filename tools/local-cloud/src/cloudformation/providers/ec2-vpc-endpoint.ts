import type { CreateVpcEndpointCommandOutput, DescribeVpcEndpointsCommandOutput } from '@aws-sdk/client-ec2';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { policyText, until } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2VpcEndpoint: ResourceProvider = {
  type: 'AWS::EC2::VPCEndpoint',
  properties: [
    'PolicyDocument',
    'PrivateDnsEnabled',
    'RouteTableIds',
    'SecurityGroupIds',
    'ServiceName',
    'SubnetIds',
    'Tags',
    'VpcEndpointType',
    'VpcId',
  ],
  async create(request) {
    const { Tags: _, PolicyDocument, ...own } = request.properties;
    const input = {
      // "AWS::EC2::VPCEndpoint": private DNS is off unless asked for.
      ...(own['VpcEndpointType'] === 'Interface' && { PrivateDnsEnabled: false }),
      ...own,
      ...(PolicyDocument && { PolicyDocument: policyText(PolicyDocument) }),
      ...tagSpecifications('vpc-endpoint', request.properties),
    };
    const { VpcEndpoint } = await request.call<CreateVpcEndpointCommandOutput>('ec2', 'CreateVpcEndpoint', input);
    const id = VpcEndpoint?.VpcEndpointId ?? '';
    request.created(id);
    await until(request, async () => String((await endpoint(request, id))?.State).toLowerCase() === 'available');
    return resultOf(request, id);
  },
  async update(request) {
    const { physicalId: VpcEndpointId, properties, previous } = request;
    const { PolicyDocument, PrivateDnsEnabled } = properties;
    await request.call('ec2', 'ModifyVpcEndpoint', {
      VpcEndpointId,
      ...changes('RouteTableIds', previous, properties),
      ...changes('SubnetIds', previous, properties),
      ...changes('SecurityGroupIds', previous, properties),
      ...(PrivateDnsEnabled !== previous['PrivateDnsEnabled'] && { PrivateDnsEnabled: PrivateDnsEnabled ?? false }),
      ...(PolicyDocument ? { PolicyDocument: policyText(PolicyDocument) } : { ResetPolicy: true }),
    });
    await changeTags(request, VpcEndpointId, previous);
    return resultOf(request, VpcEndpointId);
  },
  async delete(request) {
    // One that is already gone is among those the answer calls unsuccessful, which is no error.
    await request.call('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [request.physicalId] });
  },
};

function changes(name: string, before: Properties, after: Properties): object {
  const [old, next]: [string[], string[]] = [before[name] ?? [], after[name] ?? []];
  return {
    [`Add${name}`]: next.filter((id) => !old.includes(id)),
    [`Remove${name}`]: old.filter((id) => !next.includes(id)),
  };
}

async function endpoint(request: ResourceRequest, id: string) {
  const { VpcEndpoints } = await request.call<DescribeVpcEndpointsCommandOutput>('ec2', 'DescribeVpcEndpoints', {
    VpcEndpointIds: [id],
  });
  return VpcEndpoints?.[0];
}

async function resultOf(request: ResourceRequest, id: string): Promise<ResourceResult> {
  const found = await endpoint(request, id);
  return {
    physicalId: id,
    attributes: {
      Id: id,
      CreationTimestamp: found?.CreationTimestamp?.toISOString(),
      DnsEntries: found?.DnsEntries?.map(({ HostedZoneId, DnsName }) => `${HostedZoneId}:${DnsName}`),
      NetworkInterfaceIds: found?.NetworkInterfaceIds,
    },
  };
}
