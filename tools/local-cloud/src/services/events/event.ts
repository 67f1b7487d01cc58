import type { Json } from '../../event-patterns/json.ts';

/** An event on a bus. Plain data: archives keep it. */
export interface BusEvent {
  readonly id: string;
  /** What patterns and paths look at. */
  readonly json: Readonly<Record<string, Json>>;
  /** What targets get: compact, numbers written as they came. */
  readonly text: string;
  /** When the bus got it. Milliseconds since the epoch. */
  readonly ingested: number;
  /** How many other buses sent it on. */
  readonly hops: number;
}

export interface EventParts {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string;
  readonly time: Date;
  readonly region: string;
  readonly resources: readonly string[];
  /** JSON text of an object. */
  readonly detail: string;
  readonly ingested: number;
}

/** "Structure of Amazon EventBridge events", User Guide: members in this order, the time in whole seconds. */
export function createEvent(parts: EventParts): BusEvent {
  const envelope = {
    version: '0',
    id: parts.id,
    'detail-type': parts.detailType,
    source: parts.source,
    account: parts.account,
    time: wholeSeconds(parts.time),
    region: parts.region,
    resources: parts.resources,
  };
  const json = { ...envelope, detail: JSON.parse(parts.detail) as Json };
  const text = `${JSON.stringify(envelope).slice(0, -1)},"detail":${compact(parts.detail)}}`;
  return { id: parts.id, json, text, ingested: parts.ingested, hops: 0 };
}

/** An archived event as a replay sends it: with the replay's name. */
export function replayed(event: BusEvent, replayName: string, ingested: number): BusEvent {
  const name = JSON.stringify(replayName);
  return {
    ...event,
    json: { ...event.json, 'replay-name': replayName },
    text: event.text.replace(',"resources":', () => `,"replay-name":${name},"resources":`),
    ingested,
    hops: 0,
  };
}

/** `2026-01-01T12:00:00Z` */
export function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Beyond 2^53, parsing and writing a number again would change it: its source text is kept. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

function compact(text: string): string {
  return JSON.stringify(
    parse(text, (_, value, { source }) =>
      typeof value === 'number' && source !== undefined && String(value) !== source ? rawJSON(source) : value,
    ),
  );
}
