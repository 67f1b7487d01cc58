import { setTimeout as timePasses } from 'node:timers/promises';
import type { Context, LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { RequestError } from './errors.ts';
import { parseLogRequest } from './log-request.ts';
import { logged, refused } from './responses.ts';
import { writeAfterResponse, writeLines } from './write-lines.ts';

/**
 * What the functions of the observability patterns do: log the lines of a request, and answer how many there were. That makes
 * their claim, that no line is lost, one that can be counted.
 */
export async function echo(
  event: LambdaFunctionURLEvent,
  { awsRequestId }: Pick<Context, 'awsRequestId'>,
): Promise<LambdaFunctionURLResult> {
  try {
    const request = parseLogRequest(event);
    const count = writeLines(request);
    if (request.beforeResponseMs !== undefined) await timePasses(request.beforeResponseMs);
    if (request.afterResponseMs !== undefined) writeAfterResponse(awsRequestId, request.afterResponseMs);
    return logged(awsRequestId, count);
  } catch (error) {
    if (error instanceof RequestError) return refused(awsRequestId, error);
    throw error;
  }
}
