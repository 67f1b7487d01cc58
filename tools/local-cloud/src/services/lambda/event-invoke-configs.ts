import type {
  DeleteFunctionEventInvokeConfigCommandInput,
  DeleteFunctionEventInvokeConfigCommandOutput,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigCommandInput,
  GetFunctionEventInvokeConfigCommandOutput,
  ListFunctionEventInvokeConfigsCommandInput,
  ListFunctionEventInvokeConfigsCommandOutput,
  PutFunctionEventInvokeConfigCommandInput,
  PutFunctionEventInvokeConfigCommandOutput,
  UpdateFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommandOutput,
} from '@aws-sdk/client-lambda';
import { between, matches } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { onFunction } from './demands.ts';
import { invalidParameter, notFound, validate } from './errors.ts';
import {
  arnOf,
  type FunctionReference,
  findFunction,
  functionOf,
  referenceOf,
  targetOf,
} from './function-reference.ts';
import { page } from './paging.ts';
import type { EventInvokeSettings, LambdaFunction } from './state.ts';

export const putFunctionEventInvokeConfig = operation<
  PutFunctionEventInvokeConfigCommandInput,
  PutFunctionEventInvokeConfigCommandOutput
>({
  demands: onFunction('PutFunctionEventInvokeConfig'),
  run: (input, call) => put(input, undefined, call),
});

export const updateFunctionEventInvokeConfig = operation<
  UpdateFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommandOutput
>({
  demands: onFunction('UpdateFunctionEventInvokeConfig'),
  run: (input, call) => put(input, settingsNamed(input, call).settings, call),
});

export const getFunctionEventInvokeConfig = operation<
  GetFunctionEventInvokeConfigCommandInput,
  GetFunctionEventInvokeConfigCommandOutput
>({
  demands: onFunction('GetFunctionEventInvokeConfig'),
  run(input, call) {
    const { found, qualifier, settings } = settingsNamed(input, call);
    return described(found, qualifier, settings);
  },
});

export const deleteFunctionEventInvokeConfig = operation<
  DeleteFunctionEventInvokeConfigCommandInput,
  DeleteFunctionEventInvokeConfigCommandOutput
>({
  demands: onFunction('DeleteFunctionEventInvokeConfig'),
  run(input, call) {
    const { found, qualifier } = settingsNamed(input, call);
    found.eventInvokeSettings.delete(qualifier);
    return {};
  },
});

export const listFunctionEventInvokeConfigs = operation<
  ListFunctionEventInvokeConfigsCommandInput,
  ListFunctionEventInvokeConfigsCommandOutput
>({
  demands: onFunction('ListFunctionEventInvokeConfigs'),
  run(input, call) {
    const found = functionOf(call.cloud, referenceOf(input, call));
    const all = [...found.eventInvokeSettings].map(([qualifier, settings]) => described(found, qualifier, settings));
    const { items, next } = page(all, input, 50);
    return { FunctionEventInvokeConfigs: items, NextMarker: next };
  },
});

/** Ranges of "PutFunctionEventInvokeConfig", Lambda API reference. */
function put(
  input: PutFunctionEventInvokeConfigCommandInput,
  before: EventInvokeSettings | undefined,
  call: Call,
): FunctionEventInvokeConfig {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  const destinationPattern =
    '$|[a-z-]*arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-[a-z]+)+-\\d)?:(\\d{12})?:(.*)';
  validate(
    between('maximumRetryAttempts', MaximumRetryAttempts, 0, 2),
    between('maximumEventAgeInSeconds', MaximumEventAgeInSeconds, 60, 21_600),
    matches('destinationConfig.onSuccess.destination', DestinationConfig?.OnSuccess?.Destination, destinationPattern),
    matches('destinationConfig.onFailure.destination', DestinationConfig?.OnFailure?.Destination, destinationPattern),
  );
  if (MaximumRetryAttempts === undefined && MaximumEventAgeInSeconds === undefined && !DestinationConfig) {
    throw invalidParameter('You must specify at least one of error handling or destination setting.');
  }
  const { found, reference } = functionWithQualifier(input, call);
  const qualifier = reference.qualifier ?? '$LATEST';
  const settings: EventInvokeSettings = {
    maximumRetryAttempts: MaximumRetryAttempts ?? before?.maximumRetryAttempts,
    maximumEventAge: MaximumEventAgeInSeconds ?? before?.maximumEventAge,
    destinations: { ...before?.destinations, ...DestinationConfig },
    lastModified: call.cloud.clock.now(),
  };
  found.eventInvokeSettings.set(qualifier, settings);
  return described(found, qualifier, settings);
}

interface Input {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

function functionWithQualifier(input: Input, call: Call): { found: LambdaFunction; reference: FunctionReference } {
  const reference = referenceOf(input, call);
  const found = findFunction(call.cloud, reference);
  if (!found) throw notFound("The function doesn't exist.");
  targetOf(found, reference);
  return { found, reference };
}

function settingsNamed(input: Input, call: Call) {
  const { found, reference } = functionWithQualifier(input, call);
  const qualifier = reference.qualifier ?? '$LATEST';
  const settings = found.eventInvokeSettings.get(qualifier);
  if (!settings) {
    throw notFound(`The function ${arnOf({ ...reference, qualifier })} doesn't have an EventInvokeConfig`);
  }
  return { found, qualifier, settings };
}

function described(found: LambdaFunction, qualifier: string, settings: EventInvokeSettings): FunctionEventInvokeConfig {
  return {
    FunctionArn: `${found.arn}:${qualifier}`,
    LastModified: new Date(settings.lastModified),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...settings.destinations },
    ...(settings.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: settings.maximumRetryAttempts }),
    ...(settings.maximumEventAge !== undefined && { MaximumEventAgeInSeconds: settings.maximumEventAge }),
  };
}
