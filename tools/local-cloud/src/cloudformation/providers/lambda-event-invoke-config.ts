import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const lambdaEventInvokeConfig: ResourceProvider = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  async create(request) {
    await request.call('lambda', 'PutFunctionEventInvokeConfig', request.properties);
    return { physicalId: physicalName(request, { longest: 128 }) };
  },
  async update(request) {
    await request.call('lambda', 'PutFunctionEventInvokeConfig', request.properties);
    return { physicalId: request.physicalId };
  },
  async delete(request) {
    const { FunctionName, Qualifier } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier }),
    );
  },
};
