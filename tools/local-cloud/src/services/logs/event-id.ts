import type { StoredEvent } from './state.ts';

/** Where an event stands among all: what compares and what ids and tokens are made from. */
export type EventPosition = Pick<StoredEvent, 'timestamp' | 'sequence'>;

/** Ids are shaped like AWS's: the timestamp leads a 56-digit decimal number, so that they sort by time, then by arrival. */
export function formatEventId({ timestamp, sequence }: EventPosition): string {
  return ((BigInt(timestamp) << 144n) | BigInt(sequence)).toString().padStart(56, '0');
}

/** `undefined` when the text is no such id. */
export function parseEventId(text: string): EventPosition | undefined {
  if (!/^\d{56}$/.test(text)) return undefined;
  const id = BigInt(text);
  return { timestamp: Number(id >> 144n), sequence: Number(id & ((1n << 144n) - 1n)) };
}
