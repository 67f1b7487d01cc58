import type {
  DeleteProvisionedConcurrencyConfigCommandInput,
  DeleteProvisionedConcurrencyConfigCommandOutput,
  GetProvisionedConcurrencyConfigCommandInput,
  GetProvisionedConcurrencyConfigCommandOutput,
  ListProvisionedConcurrencyConfigsCommandInput,
  ListProvisionedConcurrencyConfigsCommandOutput,
  PutProvisionedConcurrencyConfigCommandInput,
  PutProvisionedConcurrencyConfigCommandOutput,
} from '@aws-sdk/client-lambda';
import { between } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, type Cloud, operation } from '../../service.ts';
import { unreservedConcurrency } from './concurrency.ts';
import { onFunction } from './demands.ts';
import { conflict, invalidParameter, unsupported, validate } from './errors.ts';
import { fleetOf } from './fleet.ts';
import { functionNamed, targetOf } from './function-reference.ts';
import { lambdaDate } from './lambda-date.ts';
import { page } from './paging.ts';
import { provisionedVersion } from './provisioned-versions.ts';
import { type LambdaFunction, lambdaState } from './state.ts';

/** "Configuring provisioned concurrency": of an account's concurrency, what others have reserved and 100 more are not to be had. */
const leastUnreserved = 100;

export const putProvisionedConcurrencyConfig = operation<
  PutProvisionedConcurrencyConfigCommandInput,
  PutProvisionedConcurrencyConfigCommandOutput
>({
  demands: onFunction('PutProvisionedConcurrencyConfig'),
  run(input, call) {
    const requested = input.ProvisionedConcurrentExecutions ?? 0;
    validate(between('provisionedConcurrentExecutions', requested, 1, Number.MAX_SAFE_INTEGER));
    const { found, qualifier } = configured(input, call);
    checkTarget(found, qualifier);
    checkAmount(found, qualifier, requested, call.cloud);
    found.provisioned.set(qualifier, { requested, lastModified: lambdaDate(call.cloud.clock.now()) });
    fleetOf(call.cloud).provision(found);
    return statusOf(call.cloud, found, qualifier);
  },
});

export const getProvisionedConcurrencyConfig = operation<
  GetProvisionedConcurrencyConfigCommandInput,
  GetProvisionedConcurrencyConfigCommandOutput
>({
  demands: onFunction('GetProvisionedConcurrencyConfig'),
  run(input, call) {
    const { found, qualifier } = configured(input, call);
    return statusOf(call.cloud, found, qualifier);
  },
});

export const deleteProvisionedConcurrencyConfig = operation<
  DeleteProvisionedConcurrencyConfigCommandInput,
  DeleteProvisionedConcurrencyConfigCommandOutput
>({
  demands: onFunction('DeleteProvisionedConcurrencyConfig'),
  run(input, call) {
    const { found, qualifier } = configured(input, call);
    if (!found.provisioned.delete(qualifier)) throw notConfigured();
    fleetOf(call.cloud).provision(found);
    return {};
  },
});

export const listProvisionedConcurrencyConfigs = operation<
  ListProvisionedConcurrencyConfigsCommandInput,
  ListProvisionedConcurrencyConfigsCommandOutput
>({
  demands: onFunction('ListProvisionedConcurrencyConfigs'),
  run(input, call) {
    const found = functionNamed(input, call);
    const all = [...found.provisioned.keys()].map((qualifier) => ({
      FunctionArn: `${found.arn}:${qualifier}`,
      ...statusOf(call.cloud, found, qualifier),
    }));
    const { items, next } = page(all, input, 50);
    return { ProvisionedConcurrencyConfigs: items, NextMarker: next };
  },
});

function configured(input: { FunctionName: string | undefined; Qualifier: string | undefined }, call: Call) {
  const { Qualifier: qualifier = '' } = input;
  return { found: functionNamed({ FunctionName: input.FunctionName ?? '' }, call), qualifier };
}

function checkTarget(found: LambdaFunction, qualifier: string): void {
  const { account, region, name } = found;
  const { version, alias } = targetOf(found, { account, region, name, qualifier });
  if (version.version === '$LATEST') {
    throw invalidParameter('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  }
  if (alias && Object.keys(alias.weights).length > 0) {
    throw unsupported('provisioned concurrency of an alias with routing weights');
  }
  const other = [...found.provisioned.keys()].find(
    (each) => each !== qualifier && provisionedVersion(found, each) === version,
  );
  if (other !== undefined) {
    throw conflict(`Version ${version.version} has provisioned concurrency already, configured on ${other}.`);
  }
}

function checkAmount(found: LambdaFunction, qualifier: string, requested: number, cloud: Cloud): void {
  const others = [...found.provisioned].filter(([name]) => name !== qualifier);
  const total = others.reduce((sum, [, config]) => sum + config.requested, requested);
  const { reservedConcurrency, account, region } = found;
  if (reservedConcurrency !== undefined) {
    if (total <= reservedConcurrency) return;
    throw invalidParameter(
      'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    );
  }
  const available = unreservedConcurrency(lambdaState(cloud, account, region)) - leastUnreserved;
  if (total > available) {
    throw invalidParameter(
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${available}].`,
    );
  }
}

/** Throws ProvisionedConcurrencyConfigNotFoundException. */
function statusOf(cloud: Cloud, found: LambdaFunction, qualifier: string) {
  const config = found.provisioned.get(qualifier);
  const version = provisionedVersion(found, qualifier);
  if (!config || !version) throw notConfigured();
  const { allocated, available, failed } = fleetOf(cloud).provisioned(found, version);
  const { requested, lastModified } = config;
  const ready = available >= requested;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: allocated,
    Status: failed ? ('FAILED' as const) : ready ? ('READY' as const) : ('IN_PROGRESS' as const),
    ...(failed && { StatusReason: 'FUNCTION_ERROR_INIT_FAILURE' }),
    LastModified: lastModified,
  };
}

function notConfigured(): AwsError {
  return new AwsError(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    { status: 404, members: { Type: 'User' } },
  );
}
