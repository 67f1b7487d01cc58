import type { GetProvisionedConcurrencyConfigCommandOutput } from '@aws-sdk/client-lambda';
import { PlainFailure } from '../failure-reason.ts';
import type { ResourceRequest } from '../provider.ts';
import { unlessGone, until } from './calls.ts';

/** Gives a version or an alias the provisioned concurrency its properties say, none included, and waits until it is there. */
export async function provision(request: ResourceRequest, Qualifier: string): Promise<void> {
  const { FunctionName, ProvisionedConcurrencyConfig } = request.properties;
  const target = { FunctionName, Qualifier };
  if (!ProvisionedConcurrencyConfig) {
    await unlessGone(['ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException'], () =>
      request.call('lambda', 'DeleteProvisionedConcurrencyConfig', target),
    );
    return;
  }
  const { ProvisionedConcurrentExecutions } = ProvisionedConcurrencyConfig;
  await request.call('lambda', 'PutProvisionedConcurrencyConfig', {
    ...target,
    ProvisionedConcurrentExecutions: Number(ProvisionedConcurrentExecutions),
  });
  await until(request, async () => {
    const { Status, StatusReason } = await request.call<GetProvisionedConcurrencyConfigCommandOutput>(
      'lambda',
      'GetProvisionedConcurrencyConfig',
      target,
    );
    if (Status !== 'FAILED') return Status === 'READY';
    throw new PlainFailure(`Provisioned Concurrency configuration failed to be applied. Reason: ${StatusReason}`);
  });
}
