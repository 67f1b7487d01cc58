import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

export const kinesisResourcePolicy: ResourceProvider = {
  type: 'AWS::Kinesis::ResourcePolicy',
  properties: ['ResourceArn', 'ResourcePolicy'],
  create: put,
  update: put,
  async delete({ physicalId: ResourceARN, call }) {
    await unlessGone(['ResourceNotFoundException'], () => call('kinesis', 'DeleteResourcePolicy', { ResourceARN }));
  },
};

/** "AWS::Kinesis::ResourcePolicy", CloudFormation Template Reference: `Ref` is the ARN of what the policy is for. */
async function put({ properties, call }: ResourceRequest): Promise<ResourceResult> {
  const { ResourceArn: ResourceARN, ResourcePolicy } = properties;
  await call('kinesis', 'PutResourcePolicy', { ResourceARN, Policy: policyText(ResourcePolicy) });
  return { physicalId: ResourceARN };
}
