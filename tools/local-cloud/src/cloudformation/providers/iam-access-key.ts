import type { CreateAccessKeyCommandOutput } from '@aws-sdk/client-iam';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

/** Its secret is only known when it is created: an update cannot tell it again and keeps the attribute. */
export const iamAccessKey: ResourceProvider = {
  type: 'AWS::IAM::AccessKey',
  properties: ['Serial', 'Status', 'UserName'],
  async create(request) {
    const { UserName, Status } = request.properties;
    const { AccessKey } = await request.call<CreateAccessKeyCommandOutput>('iam', 'CreateAccessKey', { UserName });
    const AccessKeyId = AccessKey?.AccessKeyId ?? '';
    request.created(AccessKeyId);
    if (Status === 'Inactive') await request.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status });
    return { physicalId: AccessKeyId, attributes: { Id: AccessKeyId, SecretAccessKey: AccessKey?.SecretAccessKey } };
  },
  async update(request) {
    const { UserName, Status = 'Active' } = request.properties;
    const { physicalId: AccessKeyId, attributes } = request;
    await request.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status });
    return { physicalId: AccessKeyId, attributes };
  },
  async delete(request) {
    const { UserName } = request.properties;
    await unlessGone(['NoSuchEntity'], () =>
      request.call('iam', 'DeleteAccessKey', { UserName, AccessKeyId: request.physicalId }),
    );
  },
};
