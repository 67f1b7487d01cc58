import type { FoldableEvent } from './event.ts';

/** The two events cancel each other: nobody ever needs to hear of them. */
export const nothing = Symbol('nothing');
/** The two events can't be made one: both go on, in their order. */
export const both = Symbol('both');

/** What two consecutive events of one subject come to. */
export type Folded<Event> = Event | typeof nothing | typeof both;

type OfType<Event extends FoldableEvent, Type> = Extract<Event, { readonly type: Type }>;

/**
 * For each pair of event types, first and second in time, what they come to. Every pair must be there: a new type of event is a
 * compile error until each of its pairs is decided.
 *
 * Rules decide what folding can promise. When folding two events and applying the result is the same as applying both, for each
 * pair, folding a batch and applying what is left is the same as applying all of it; and when the rules are associative, it doesn't
 * matter how events are cut into batches.
 */
export type FoldingRules<Event extends FoldableEvent> = {
  readonly [First in Event['type']]: {
    readonly [Second in Event['type']]: (first: OfType<Event, First>, second: OfType<Event, Second>) => Folded<Event>;
  };
};
