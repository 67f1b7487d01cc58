import { FoldingError } from './errors.ts';
import type { FoldableEvent } from './event.ts';

/** Negative when the first event comes before the second, 0 when it can't be told. */
export type Order<Event> = (first: Event, second: Event) => number;

/** The order in which they came, for sources that keep it: FIFO queues within a group, streams within a shard. */
export const byArrival: Order<FoldableEvent> = () => 0;

/** By a version that counts the changes of the subject. */
export const byVersion: Order<FoldableEvent & { readonly version: number }> = (first, second) =>
  first.version - second.version;

/**
 * By when they happened, ISO 8601 with any offset; compared as moments, not as text. Moments are exact to the millisecond.
 * Throws FoldingError `EVENT_TIME_UNREADABLE` when one of them is no time.
 */
export const byTime: Order<FoldableEvent & { readonly time: string }> = (first, second) =>
  momentOf(first) - momentOf(second);

function momentOf({ id, time }: { id: string; time: string }): number {
  const moment = Date.parse(time);
  if (Number.isNaN(moment)) {
    const problem = `has the time '${time}', which is not ISO 8601 such as 2025-03-23T17:13:32+00:00`;
    throw new FoldingError('EVENT_TIME_UNREADABLE', id, problem);
  }
  return moment;
}
