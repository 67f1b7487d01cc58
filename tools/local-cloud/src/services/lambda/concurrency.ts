import type {
  DeleteFunctionConcurrencyCommandInput,
  DeleteFunctionConcurrencyCommandOutput,
  GetAccountSettingsCommandInput,
  GetAccountSettingsCommandOutput,
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput,
  PutFunctionConcurrencyCommandInput,
  PutFunctionConcurrencyCommandOutput,
} from '@aws-sdk/client-lambda';
import { between } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { largestUnzipped } from './code-package.ts';
import { onFunction } from './demands.ts';
import { invalidParameter, validate } from './errors.ts';
import { functionNamed } from './function-reference.ts';
import { isImage, type LambdaState, lambdaState } from './state.ts';

/** "Lambda quotas": concurrent executions of an account in a region, and how many of them can't be reserved. */
const accountConcurrency = 1000;
const leastUnreserved = 100;

export const putFunctionConcurrency = operation<
  PutFunctionConcurrencyCommandInput,
  PutFunctionConcurrencyCommandOutput
>({
  demands: onFunction('PutFunctionConcurrency'),
  run(input, call) {
    const reserved = input.ReservedConcurrentExecutions;
    validate(between('reservedConcurrentExecutions', reserved, 0, Number.MAX_SAFE_INTEGER));
    const found = functionNamed(input, call);
    const state = lambdaState(call.cloud, found.account, found.region);
    const left = unreservedConcurrency(state) + (found.reservedConcurrency ?? 0) - (reserved ?? 0);
    if (left < leastUnreserved) {
      throw invalidParameter(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
      );
    }
    found.reservedConcurrency = reserved;
    return { ReservedConcurrentExecutions: reserved };
  },
});

export const getFunctionConcurrency = operation<
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput
>({
  demands: onFunction('GetFunctionConcurrency'),
  run: (input, call) => ({ ReservedConcurrentExecutions: functionNamed(input, call).reservedConcurrency }),
});

export const deleteFunctionConcurrency = operation<
  DeleteFunctionConcurrencyCommandInput,
  DeleteFunctionConcurrencyCommandOutput
>({
  demands: onFunction('DeleteFunctionConcurrency'),
  run(input, call) {
    functionNamed(input, call).reservedConcurrency = undefined;
    return {};
  },
});

/** What functions without a reservation share. */
export function unreservedConcurrency({ functions }: LambdaState): number {
  return [...functions.values()].reduce(
    (left, { reservedConcurrency = 0 }) => left - reservedConcurrency,
    accountConcurrency,
  );
}

/** "Lambda quotas": storage of an account's code, and a deployment package uploaded directly. */
const accountCodeBytes = 80_530_636_800;
const directUploadBytes = 52_428_800;

export const getAccountSettings = operation<GetAccountSettingsCommandInput, GetAccountSettingsCommandOutput>({
  run(_input, call) {
    const state = lambdaState(call.cloud, call.account, call.region);
    const functions = [...state.functions.values()];
    const versions = functions.flatMap(({ latest, versions }) => [latest, ...versions.values()]);
    const layers = [...state.layers.values()].flatMap((layer) => [...layer.versions.values()]);
    return {
      AccountLimit: {
        TotalCodeSize: accountCodeBytes,
        CodeSizeUnzipped: largestUnzipped,
        CodeSizeZipped: directUploadBytes,
        ConcurrentExecutions: accountConcurrency,
        UnreservedConcurrentExecutions: unreservedConcurrency(state),
      },
      AccountUsage: {
        FunctionCount: functions.length,
        TotalCodeSize: [...versions, ...layers].reduce(
          (sum, { code }) => sum + (isImage(code) ? 0 : code.zip.length),
          0,
        ),
      },
    };
  },
});
