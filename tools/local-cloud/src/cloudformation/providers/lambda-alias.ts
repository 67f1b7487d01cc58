import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Properties, ResourceProvider, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const lambdaAlias: ResourceProvider = {
  type: 'AWS::Lambda::Alias',
  properties: ['Description', 'FunctionName', 'FunctionVersion', 'Name', 'RoutingConfig'],
  async create(request) {
    return resultOf(await request.call<AliasConfiguration>('lambda', 'CreateAlias', inputOf(request.properties)));
  },
  async update(request) {
    const reset = { Description: '', RoutingConfig: { AdditionalVersionWeights: {} } };
    const input = { ...reset, ...inputOf(request.properties) };
    return resultOf(await request.call<AliasConfiguration>('lambda', 'UpdateAlias', input));
  },
  async delete(request) {
    const { FunctionName, Name } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteAlias', { FunctionName, Name }),
    );
  },
};

function inputOf({ RoutingConfig, ...rest }: Properties): object {
  const weights: Properties[] = RoutingConfig?.AdditionalVersionWeights ?? [];
  if (weights.length === 0) return rest;
  const entries = weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]);
  return { ...rest, RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(entries) } };
}

function resultOf({ AliasArn = '' }: AliasConfiguration): ResourceResult {
  return { physicalId: AliasArn, attributes: { AliasArn } };
}
