import type { CreateFunctionUrlConfigCommandOutput } from '@aws-sdk/client-lambda';
import type { Properties, ResourceProvider, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const lambdaUrl: ResourceProvider = {
  type: 'AWS::Lambda::Url',
  properties: ['AuthType', 'Cors', 'InvokeMode', 'Qualifier', 'TargetFunctionArn'],
  async create(request) {
    const { AuthType, Cors, InvokeMode } = request.properties;
    const input = {
      ...targetOf(request.properties),
      AuthType,
      ...(Cors && { Cors }),
      ...(InvokeMode && { InvokeMode }),
    };
    const answer = await request.call<CreateFunctionUrlConfigCommandOutput>('lambda', 'CreateFunctionUrlConfig', input);
    return resultOf(answer);
  },
  async update(request) {
    const { AuthType, Cors = {}, InvokeMode = 'BUFFERED' } = request.properties;
    const input = { ...targetOf(request.properties), AuthType, Cors, InvokeMode };
    const answer = await request.call<CreateFunctionUrlConfigCommandOutput>('lambda', 'UpdateFunctionUrlConfig', input);
    return resultOf(answer);
  },
  async delete(request) {
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteFunctionUrlConfig', targetOf(request.properties)),
    );
  },
};

function targetOf({ TargetFunctionArn, Qualifier }: Properties): object {
  return { FunctionName: TargetFunctionArn, ...(Qualifier && { Qualifier }) };
}

function resultOf({ FunctionArn = '', FunctionUrl }: CreateFunctionUrlConfigCommandOutput): ResourceResult {
  return { physicalId: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
}
