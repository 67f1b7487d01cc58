import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/**
 * The function's logger: one JSON object per line, with level, time, service (POWERTOOLS_SERVICE_NAME, which the stack sets to
 * its context) and, inside {@link withLogger}, the invocation's request id and cold start.
 */
export const logger = new Logger();

/** Wraps a handler: every line it logs carries the invocation it belongs to. What the handler throws is left to Lambda. */
export function withLogger<Event, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    logger.addContext(context);
    return handler(event, context);
  };
}
