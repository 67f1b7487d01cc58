import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const lambdaPermission: ResourceProvider = {
  type: 'AWS::Lambda::Permission',
  properties: [
    'Action',
    'EventSourceToken',
    'FunctionName',
    'FunctionUrlAuthType',
    'InvokedViaFunctionUrl',
    'Principal',
    'PrincipalOrgID',
    'SourceAccount',
    'SourceArn',
  ],
  async create(request) {
    const StatementId = physicalName(request, { longest: 100 });
    await request.call('lambda', 'AddPermission', { ...request.properties, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  async delete(request) {
    const { FunctionName } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'RemovePermission', { FunctionName, StatementId: request.physicalId }),
    );
  },
};
