import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const apiGatewayUsagePlanKey: ResourceProvider = {
  type: 'AWS::ApiGateway::UsagePlanKey',
  properties: ['KeyId', 'KeyType', 'UsagePlanId'],
  async create(request) {
    const { KeyId: keyId, KeyType: keyType, UsagePlanId: usagePlanId } = request.properties;
    await request.call('apigateway', 'CreateUsagePlanKey', { keyId, keyType, usagePlanId });
    return { physicalId: `${keyId}:${usagePlanId}`, attributes: { Id: `${keyId}:${usagePlanId}` } };
  },
  async delete(request) {
    const { KeyId: keyId, UsagePlanId: usagePlanId } = request.properties;
    await unlessGone(['NotFoundException'], () =>
      request.call('apigateway', 'DeleteUsagePlanKey', { keyId, usagePlanId }),
    );
  },
};
