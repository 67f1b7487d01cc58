import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';

/** A URL nobody waits for: wait conditions are not carried out. Templates use the handle where a resource must be. */
export const waitConditionHandle: ResourceProvider = {
  type: 'AWS::CloudFormation::WaitConditionHandle',
  properties: [],
  async create(request) {
    const name = encodeURIComponent(physicalName(request, { longest: 128 }));
    return { physicalId: `https://cloudformation-waitcondition-${request.region}.s3.amazonaws.com/${name}` };
  },
  delete: async () => undefined,
};
