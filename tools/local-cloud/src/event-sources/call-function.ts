import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { functionOf } from '../services/lambda/function-reference.ts';
import { invokeFunction, newTraceId } from '../services/lambda/invocation.ts';
import type { Run } from './run.ts';

/** How one invocation ended, as the on-failure record tells it. */
export interface Answer {
  readonly requestId: string;
  readonly statusCode: number;
  readonly executedVersion: string;
  readonly functionError: string | undefined;
}

export type CallOutcome =
  /** The function could not be called: throttled, gone, or its role can't be taken. */
  | { readonly kind: 'not-invoked'; readonly reason: string }
  | { readonly kind: 'invoked'; readonly answer: Answer; readonly response: Buffer };

/** Calls the mapping's function with an event as JSON. */
export async function callFunction(
  { cloud, mapping: { target } }: Pick<Run, 'cloud' | 'mapping'>,
  payload: Buffer,
): Promise<CallOutcome> {
  const requestId = randomUUID();
  try {
    const traceId = newTraceId(cloud, functionOf(cloud, target));
    const { result, version } = await invokeFunction(cloud, target, { requestId, payload, traceId });
    const { functionError } = result;
    const answer = { requestId, statusCode: 200, executedVersion: version.version, functionError };
    return { kind: 'invoked', answer, response: result.payload };
  } catch (error) {
    if (error instanceof AwsError) return { kind: 'not-invoked', reason: error.message };
    throw error;
  }
}
