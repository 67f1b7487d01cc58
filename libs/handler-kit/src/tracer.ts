import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

/** The function's tracer (AWS X-Ray): outgoing HTTP is traced by itself. Needs active tracing on the function. */
export const tracer = new Tracer();

/**
 * Wraps a handler: one subsegment per invocation, with cold start, service and what the handler throws. Events and results are
 * kept out of the trace, since they may hold what a trace's readers must not see.
 */
export function withTracer<Event, Result>(
  handler: (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  return async (event, context) => {
    const facade = tracer.getSegment();
    if (!facade) return handler(event, context);
    const subsegment = facade.addNewSubsegment(`## ${process.env['_HANDLER']}`);
    tracer.setSegment(subsegment);
    tracer.annotateColdStart();
    tracer.addServiceNameAnnotation();
    try {
      return await handler(event, context);
    } catch (error) {
      tracer.addErrorAsMetadata(error as Error);
      throw error;
    } finally {
      subsegment.close();
      tracer.setSegment(facade);
    }
  };
}
