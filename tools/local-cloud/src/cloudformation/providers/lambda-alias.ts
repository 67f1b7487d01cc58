import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Properties, ResourceProvider, ResourceResult } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { provision } from './lambda-provisioned-concurrency.ts';

export const lambdaAlias: ResourceProvider = {
  type: 'AWS::Lambda::Alias',
  properties: [
    'Description',
    'FunctionName',
    'FunctionVersion',
    'Name',
    'ProvisionedConcurrencyConfig',
    'RoutingConfig',
  ],
  async create(request) {
    const { Name, ProvisionedConcurrencyConfig } = request.properties;
    const alias = await request.call<AliasConfiguration>('lambda', 'CreateAlias', inputOf(request.properties));
    request.created(alias.AliasArn ?? '');
    if (ProvisionedConcurrencyConfig) await provision(request, Name);
    return resultOf(alias);
  },
  async update(request) {
    const reset = { Description: '', RoutingConfig: { AdditionalVersionWeights: {} } };
    const input = { ...reset, ...inputOf(request.properties) };
    const alias = await request.call<AliasConfiguration>('lambda', 'UpdateAlias', input);
    const { Name, ProvisionedConcurrencyConfig } = request.properties;
    if (ProvisionedConcurrencyConfig || request.previous['ProvisionedConcurrencyConfig'])
      await provision(request, Name);
    return resultOf(alias);
  },
  async delete(request) {
    const { FunctionName, Name } = request.properties;
    await unlessGone(['ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteAlias', { FunctionName, Name }),
    );
  },
};

function inputOf({ RoutingConfig, ProvisionedConcurrencyConfig, ...rest }: Properties): object {
  const weights: Properties[] = RoutingConfig?.AdditionalVersionWeights ?? [];
  if (weights.length === 0) return rest;
  const entries = weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]);
  return { ...rest, RoutingConfig: { AdditionalVersionWeights: Object.fromEntries(entries) } };
}

function resultOf({ AliasArn = '' }: AliasConfiguration): ResourceResult {
  return { physicalId: AliasArn, attributes: { AliasArn } };
}
