import { randomBytes } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { InvocationResult } from '../../lambda-environment/types.ts';
import { emitLambdaMetric } from '../../metrics/lambda-metrics.ts';
import type { Cloud } from '../../service.ts';
import { fleetOf } from './fleet.ts';
import { arnOf, type FunctionReference, functionOf, targetOf, versionOf } from './function-reference.ts';
import type { FunctionVersion, LambdaFunction } from './state.ts';

/** One event on its way into a function. */
export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: Buffer;
  /** `Root=…;Parent=…;Sampled=…` */
  readonly traceId: string;
  /** JSON. */
  readonly clientContext?: string | undefined;
  /** The caller takes the response as it comes. */
  readonly streaming?: boolean;
}

export interface InvocationOutcome {
  readonly result: InvocationResult;
  readonly version: FunctionVersion;
  /** Resolves when the environment is frozen again, with the last 4 KB of the log. */
  readonly done: Promise<string>;
}

/** Runs an event in whatever version its reference leads to. Throws ResourceNotFoundException, TooManyRequestsException. */
export async function invokeFunction(
  cloud: Cloud,
  reference: FunctionReference,
  { requestId, payload, traceId, clientContext, streaming = false }: Invocation,
): Promise<InvocationOutcome> {
  const found = functionOf(cloud, reference);
  const version = chosenVersion(found, reference);
  const began = cloud.clock.now();
  try {
    const { result, done } = await fleetOf(cloud).run(found, version, {
      requestId,
      payload,
      invokedFunctionArn: arnOf(reference),
      traceId,
      streaming,
      ...(clientContext !== undefined && { clientContext }),
    });
    emitLambdaMetric(cloud, found, 'Invocations', 1);
    emitLambdaMetric(cloud, found, 'Errors', result.functionError === undefined ? 0 : 1);
    emitLambdaMetric(cloud, found, 'Throttles', 0);
    emitLambdaMetric(cloud, found, 'Duration', cloud.clock.now() - began);
    return { result, version, done };
  } catch (error) {
    const isThrottled = error instanceof AwsError && error.code === 'TooManyRequestsException';
    if (isThrottled) emitLambdaMetric(cloud, found, 'Throttles', 1);
    throw error;
  }
}

/** A weighted alias sends each invocation to one of its two versions by chance. */
function chosenVersion(found: LambdaFunction, reference: FunctionReference): FunctionVersion {
  const { version, alias } = targetOf(found, reference);
  const [other, weight] = Object.entries(alias?.weights ?? {})[0] ?? [];
  if (other === undefined || weight === undefined || Math.random() >= weight) return version;
  return versionOf(found, other) ?? version;
}

/** "X-Ray tracing header": version 1, seconds in hexadecimal, 96 random bits. */
export function newTraceId(cloud: Cloud, found: LambdaFunction): string {
  const seconds = Math.floor(cloud.clock.now() / 1000).toString(16);
  const sampled = found.latest.settings.tracing === 'Active' ? 1 : 0;
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled}`;
}
