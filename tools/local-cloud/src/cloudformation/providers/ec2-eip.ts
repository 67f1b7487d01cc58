import type { AllocateAddressCommandOutput, DescribeAddressesCommandOutput } from '@aws-sdk/client-ec2';
import type { ResourceProvider, ResourceRequest } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { changeTags, tagSpecifications } from './ec2-tags.ts';

export const ec2Eip: ResourceProvider = {
  type: 'AWS::EC2::EIP',
  properties: ['Domain', 'Tags'],
  async create(request) {
    const { Domain } = request.properties;
    const input = { Domain, ...tagSpecifications('elastic-ip', request.properties) };
    const { PublicIp, AllocationId } = await request.call<AllocateAddressCommandOutput>(
      'ec2',
      'AllocateAddress',
      input,
    );
    return resultOf(PublicIp, AllocationId);
  },
  async update(request) {
    const AllocationId = await allocationOf(request, request.physicalId);
    await changeTags(request, AllocationId, request.previous);
    return resultOf(request.physicalId, AllocationId);
  },
  async delete(request) {
    await unlessGone(['InvalidAddress.NotFound', 'InvalidAllocationID.NotFound'], async () => {
      const AllocationId = await allocationOf(request, request.physicalId);
      await request.call('ec2', 'ReleaseAddress', { AllocationId });
    });
  },
};

async function allocationOf(request: ResourceRequest, address: string): Promise<string> {
  const { Addresses } = await request.call<DescribeAddressesCommandOutput>('ec2', 'DescribeAddresses', {
    PublicIps: [address],
  });
  return Addresses?.[0]?.AllocationId ?? '';
}

const resultOf = (PublicIp = '', AllocationId = '') => ({
  physicalId: PublicIp,
  attributes: { PublicIp, AllocationId },
});
