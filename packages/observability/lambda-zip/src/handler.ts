import { withLogger } from '@stackyard/handler-kit/logger';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { RequestError } from './errors.ts';
import { parseLogRequest } from './log-request.ts';
import { logged, refused } from './responses.ts';
import { writeAfterResponse, writeLines } from './write-lines.ts';

/** Echoes the lines of a request to the log, and answers how many there were. */
export const handler = withLogger<LambdaFunctionURLEvent, LambdaFunctionURLResult>(async (event, { awsRequestId }) => {
  try {
    const request = parseLogRequest(event);
    const count = writeLines(request);
    if (request.afterResponseMs !== undefined) writeAfterResponse(awsRequestId, request.afterResponseMs);
    return logged(awsRequestId, count);
  } catch (error) {
    if (error instanceof RequestError) return refused(awsRequestId, error);
    throw error;
  }
});
