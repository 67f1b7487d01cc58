import { createHash } from 'node:crypto';
import type { FoldableEvent, NetEffect } from '@stackyard/event-folding';

/**
 * What is to be said to the downstream of some events of one subject. Once made it stays: when its events come again, in whatever
 * batches, the same calls are made with the same idempotency keys.
 */
export interface Plan<Event extends FoldableEvent = FoldableEvent> {
  /** Follows from the events it stands for. */
  readonly key: string;
  /** Ids of all events it stands for. */
  readonly of: readonly string[];
  /** What is left of them, a call each, in this order. */
  readonly events: readonly Event[];
}

export function planOf<Event extends FoldableEvent>({ from, events }: NetEffect<Event>): Plan<Event> {
  const of = [...new Set(from.map(({ id }) => id))];
  const key = createHash('sha256').update(JSON.stringify(of.toSorted())).digest('hex').slice(0, 32);
  return { key, of, events };
}

/** `Idempotency-Key` of one of a plan's calls. */
export function callKey(plan: Plan, index: number): string {
  return `${plan.key}-${index}`;
}
