import { FoldingError } from './errors.ts';
import type { FoldableEvent } from './event.ts';
import type { Order } from './order.ts';
import { both, type Folded, type FoldingRules, nothing } from './rules.ts';

export interface FoldingOptions<Event extends FoldableEvent> {
  readonly rules: FoldingRules<Event>;
  /** `byArrival`, `byVersion`, `byTime` or an own one. Events of which it can't tell keep the order in which they came. */
  readonly order: Order<Event>;
  /**
   * The last event of a subject that was already handled, in an earlier batch. Whatever is not after it is late and left out. Without
   * it nothing is late.
   */
  readonly handled?: (subject: string) => Event | undefined;
}

/** What a batch comes to for one subject. */
export interface NetEffect<Event extends FoldableEvent> {
  readonly subject: string;
  /** What is left to be done, in its order; empty when the events cancelled each other. */
  readonly events: readonly Event[];
  /**
   * Every event of the batch that this stands for, duplicates and late ones too: what becomes of the net effect becomes of all of
   * these. When it can't be carried out, they are what must come again.
   */
  readonly from: readonly Event[];
  /** Events of `from` that had no effect because the batch has them twice. */
  readonly duplicates: readonly Event[];
  /** Events of `from` that had no effect because a later one was already handled. */
  readonly late: readonly Event[];
}

/**
 * Folds a batch of events into the net effect on each subject, subjects in the order in which they came first. Pure: the events are
 * not changed, and no event is left out of `from`.
 *
 * Duplicates count once, at their first place. The same batch twice gives the same as once. With an order that tells any two events
 * apart, the result does not depend on the order in which the events came.
 *
 * Throws FoldingError `EVENT_TYPE_UNKNOWN` for a type without rules where a rule is needed.
 */
export function fold<Event extends FoldableEvent>(
  batch: readonly Event[],
  options: FoldingOptions<Event>,
): readonly NetEffect<Event>[] {
  const subjects = Map.groupBy(batch, ({ subject }) => subject);
  return [...subjects].map(([subject, from]) => netEffect(subject, from, options));
}

function netEffect<Event extends FoldableEvent>(
  subject: string,
  from: readonly Event[],
  { rules, order, handled }: FoldingOptions<Event>,
): NetEffect<Event> {
  const ids = new Set<string>();
  const [first, duplicates] = parted(from, ({ id }) => !ids.has(id) && Boolean(ids.add(id)));
  const last = handled?.(subject);
  const [current, late] = last
    ? parted(first, (event) => event.id !== last.id && order(event, last) >= 0)
    : [first, []];
  const events: Event[] = [];
  for (const event of current.toSorted(order)) append(events, event, rules);
  return { subject, events, from, duplicates, late };
}

/** Folds an event into the last of those that are left, and what comes of it into the one before, as far as they fold. */
function append<Event extends FoldableEvent>(events: Event[], event: Event, rules: FoldingRules<Event>): void {
  const previous = events.pop();
  if (previous === undefined) return void events.push(event);
  const folded = rule(rules, previous, event);
  if (folded === both) events.push(previous, event);
  else if (folded !== nothing) append(events, folded, rules);
}

function rule<Event extends FoldableEvent>(rules: FoldingRules<Event>, first: Event, second: Event): Folded<Event> {
  const ofFirst = Object.hasOwn(rules, first.type) ? rules[first.type as Event['type']] : undefined;
  if (!ofFirst) throw unknownType(first, rules);
  if (!Object.hasOwn(ofFirst, second.type)) throw unknownType(second, rules);
  // The types of the two events are the two keys, which TypeScript can't follow through a union.
  const decide = ofFirst[second.type as Event['type']] as (first: Event, second: Event) => Folded<Event>;
  return decide(first, second);
}

function parted<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  const [inside, outside]: [T[], T[]] = [[], []];
  for (const one of all) (belongs(one) ? inside : outside).push(one);
  return [inside, outside];
}

function unknownType({ id, type }: FoldableEvent, rules: object): FoldingError {
  const known = Object.keys(rules).join(', ');
  return new FoldingError('EVENT_TYPE_UNKNOWN', id, `has the type '${type}'; there are rules for ${known}`);
}
