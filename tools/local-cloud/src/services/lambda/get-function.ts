import type {
  FunctionCodeLocation,
  GetFunctionCommandInput,
  GetFunctionCommandOutput,
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
  ListFunctionsCommandInput,
  ListFunctionsCommandOutput,
} from '@aws-sdk/client-lambda';
import { type Call, operation } from '../../service.ts';
import { packageLocation } from './code-location.ts';
import { configurationOf, listedConfiguration } from './configuration-output.ts';
import { onFunction } from './demands.ts';
import { arnOf, functionOf, referenceOf, targetOf } from './function-reference.ts';
import { page } from './paging.ts';
import { type FunctionCode, isImage, lambdaState } from './state.ts';

export const getFunction = operation<GetFunctionCommandInput, GetFunctionCommandOutput>({
  demands: onFunction('GetFunction'),
  run(input, call) {
    const reference = referenceOf(input, call);
    const found = functionOf(call.cloud, reference);
    const { version } = targetOf(found, reference);
    const { reservedConcurrency } = found;
    return {
      Configuration: configurationOf(found, version, arnOf(reference)),
      Code: codeLocation(version.code, call),
      ...(found.tags.size > 0 && { Tags: Object.fromEntries(found.tags) }),
      ...(reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
      }),
    };
  },
});

function codeLocation(code: FunctionCode, call: Call): FunctionCodeLocation {
  if (!isImage(code)) return { RepositoryType: 'S3', Location: packageLocation(call, code) };
  return { RepositoryType: 'ECR', ImageUri: code.imageUri, ResolvedImageUri: code.resolvedUri };
}

export const getFunctionConfiguration = operation<
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput
>({
  demands: onFunction('GetFunctionConfiguration'),
  run(input, call) {
    const reference = referenceOf(input, call);
    const found = functionOf(call.cloud, reference);
    return configurationOf(found, targetOf(found, reference).version, arnOf(reference));
  },
});

export const listFunctions = operation<ListFunctionsCommandInput, ListFunctionsCommandOutput>({
  run(input, call) {
    const { functions } = lambdaState(call.cloud, call.account, call.region);
    const all = [...functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const entries = all.flatMap((found) => {
      const versions = input.FunctionVersion === 'ALL' ? [found.latest, ...found.versions.values()] : [found.latest];
      return versions.map((version) =>
        listedConfiguration(
          found,
          version,
          input.FunctionVersion === 'ALL' ? `${found.arn}:${version.version}` : found.arn,
        ),
      );
    });
    const { items, next } = page(entries, input, 50);
    return { Functions: items, NextMarker: next };
  },
});
