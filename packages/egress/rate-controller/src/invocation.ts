import { withLogger } from '@stackyard/handler-kit/logger';
import { limiter } from './control.ts';
import { publishMetrics } from './metrics.ts';

/** Wraps a handler: before the environment may be frozen, permits go back to the others and metrics into the log. */
export function invocation<Event, Result>(handler: (event: Event) => Promise<Result>) {
  return withLogger(async (event: Event): Promise<Result> => {
    try {
      return await handler(event);
    } finally {
      await limiter.giveBack();
      publishMetrics();
    }
  });
}
