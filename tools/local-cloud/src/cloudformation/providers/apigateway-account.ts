import type { Account } from '@aws-sdk/client-api-gateway';
import type { ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';

/** The region's one account settings: a stack that goes leaves them as they are, as CloudFormation does. */
export const apiGatewayAccount: ResourceProvider = {
  type: 'AWS::ApiGateway::Account',
  properties: ['CloudWatchRoleArn'],
  async create(request) {
    return set(request);
  },
  async update(request) {
    return { ...(await set(request)), physicalId: request.physicalId };
  },
  async delete() {},
  async read(request) {
    const { cloudwatchRoleArn } = await request.call<Account>('apigateway', 'GetAccount', {});
    return {
      physicalId: request.physicalId,
      attributes: { Id: request.physicalId },
      properties: { CloudWatchRoleArn: cloudwatchRoleArn },
    };
  },
};

async function set(request: ResourceRequest): Promise<ResourceResult> {
  const value = request.properties['CloudWatchRoleArn'];
  const change = value ? { op: 'replace', value } : { op: 'remove' };
  await request.call('apigateway', 'UpdateAccount', { patchOperations: [{ ...change, path: '/cloudwatchRoleArn' }] });
  const physicalId = `${request.stack.name}-${request.logicalId}`;
  return { physicalId, attributes: { Id: physicalId } };
}
