import type { PlatformRecords, PlatformType } from './platform-events.ts';
import type { TelemetrySubscriber } from './telemetry-subscriber.ts';
import type { Category, Subscription } from './telemetry-subscription.ts';

/** A function's or extension's record: the text as printed and, in the JSON log format, the object it is. */
export interface PrintedRecord {
  readonly text: string;
  readonly object: object | undefined;
}

export type TelemetryEvent =
  | { readonly time: string; readonly type: PlatformType; readonly record: PlatformRecords[PlatformType] }
  | { readonly time: string; readonly type: 'function' | 'extension'; readonly record: PrintedRecord };

/** Hands events to subscribers; keeps those of the initialisation for extensions that subscribe later in it. */
export interface TelemetryRelay {
  push(category: Category, event: TelemetryEvent): void;
  add(subscriber: TelemetrySubscriber): void;
  has(name: string): boolean;
  /** Ends the time of subscribing. */
  close(): void;
  readonly closed: boolean;
  pause(): void;
  resume(): void;
  /** Sends what is buffered; resolves when every subscriber has acknowledged it. */
  flush(): Promise<void>;
  /** Posts a body of its own to every subscriber; rejects when one does not take it. */
  post(body: string): Promise<void>;
  /** Drops everything and cuts connections. */
  destroy(): void;
}

export function createTelemetryRelay(): TelemetryRelay {
  const subscribers = new Map<string, TelemetrySubscriber>();
  let early: { category: Category; event: TelemetryEvent }[] = [];
  let closed = false;

  function deliver(subscriber: TelemetrySubscriber, category: Category, event: TelemetryEvent): void {
    if (subscriber.subscription.types.includes(category)) subscriber.push(render(event, subscriber.subscription));
  }

  return {
    get closed() {
      return closed;
    },
    push(category, event) {
      if (!closed) early.push({ category, event });
      for (const subscriber of subscribers.values()) deliver(subscriber, category, event);
    },
    add(subscriber) {
      subscribers.set(subscriber.name, subscriber);
      for (const { category, event } of early) deliver(subscriber, category, event);
    },
    has: (name) => subscribers.has(name),
    close() {
      closed = true;
      early = [];
    },
    pause() {
      for (const subscriber of subscribers.values()) subscriber.pause();
    },
    resume() {
      for (const subscriber of subscribers.values()) subscriber.resume();
    },
    async flush() {
      await Promise.all([...subscribers.values()].map((subscriber) => subscriber.flush()));
    },
    async post(body) {
      await Promise.all([...subscribers.values()].map((subscriber) => subscriber.post(body)));
    },
    destroy() {
      for (const subscriber of subscribers.values()) subscriber.destroy();
    },
  };
}

/** One event as JSON. The first schema version knows printed records only as strings. */
function render(event: TelemetryEvent, subscription: Subscription): string {
  if (event.type !== 'function' && event.type !== 'extension') return JSON.stringify(event);
  const { text, object } = event.record;
  const record = object && subscription.schemaVersion !== '2022-07-01' ? object : text;
  return JSON.stringify({ time: event.time, type: event.type, record });
}
