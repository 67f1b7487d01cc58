import { physicalName } from '../physical-name.ts';
import type { CreateRequest, ResourceProvider, UpdateRequest } from '../provider.ts';
import { policyText, unlessGone } from './calls.ts';

export const logsResourcePolicy: ResourceProvider = {
  type: 'AWS::Logs::ResourcePolicy',
  properties: ['PolicyDocument', 'PolicyName'],
  create: (request) => put(request, request.properties['PolicyName'] ?? physicalName(request, { longest: 255 })),
  update: (request) => put(request, request.physicalId),
  async delete(request) {
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('logs', 'DeleteResourcePolicy', { policyName: request.physicalId }),
    );
  },
};

async function put({ properties, call }: CreateRequest | UpdateRequest, policyName: string) {
  await call('logs', 'PutResourcePolicy', { policyName, policyDocument: policyText(properties['PolicyDocument']) });
  return { physicalId: policyName };
}
