const guide = (page: string) => `EventBridge User Guide, ${page}`;
export const operators = guide('Comparison operators for use in event patterns');
export const arrays = guide('Arrays in event patterns');
export const nulls = guide('Matching null values and empty strings');
export const patterns = guide('Creating event patterns');

/** The event of a claim: what it says beside what every event has. */
export type Event = Readonly<Record<string, unknown>>;

/** A pattern of AWS's pages, with events that match and such that don't. */
export interface Example {
  readonly source: string;
  /** What AWS says of it. */
  readonly says: string;
  readonly pattern: object;
  readonly matches: readonly Event[];
  readonly others: readonly Event[];
}

/** Events that differ in their detail only. */
export const details = (...all: object[]) => all.map((detail) => ({ detail }));
export const fields = (name: string, ...values: unknown[]) => details(...values.map((value) => ({ [name]: value })));
