import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';

/** What the CDK adds for its own statistics; there is nothing behind it. */
export const cdkMetadata: ResourceProvider = {
  type: 'AWS::CDK::Metadata',
  properties: 'any',
  create: async (request) => ({ physicalId: physicalName(request, { longest: 128 }) }),
  update: async ({ physicalId }) => ({ physicalId }),
  delete: async () => undefined,
};
