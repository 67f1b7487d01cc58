import type { Filter, LogEvent, Output } from './event.ts';
import type { Log } from './log.ts';

export interface Route {
  readonly name: string;
  readonly matches: (tag: string) => boolean;
  readonly output: Output;
  /** How often a chunk is tried again ("Scheduling and retries", Fluent Bit manual). */
  readonly retryLimit: number;
}

export interface EngineOptions {
  readonly filters: readonly Filter[];
  readonly routes: readonly Route[];
  readonly flushSeconds: number;
  readonly graceSeconds: number;
  /** Least and most seconds before a chunk is tried again. */
  readonly backoff: { readonly base: number; readonly cap: number };
  readonly log: Log;
}

export interface Engine {
  take(event: LogEvent): void;
  /** Sends what is there, retries included, as long as the grace time lasts. Resolves with what is left behind. */
  stop(): Promise<number>;
}

/** Filters events as they come and sends them in chunks, one per output, at every flush. */
export function startEngine({ filters, routes, flushSeconds, graceSeconds, backoff, log }: EngineOptions): Engine {
  const waiting = new Map<Route, LogEvent[]>();
  const sending = new Set<Promise<void>>();
  let unsent = 0;
  let stopping = false;
  const timer = setInterval(flush, flushSeconds * 1000);

  function flush(): void {
    for (const [route, events] of waiting) {
      waiting.delete(route);
      const sent = send(route, events).finally(() => sending.delete(sent));
      sending.add(sent);
    }
  }

  async function send(route: Route, events: readonly LogEvent[]): Promise<void> {
    for (let retry = 0; ; retry += 1) {
      try {
        await route.output.flush(events);
        unsent -= events.length;
        return;
      } catch (error) {
        const reason = `${(error as Error).name}: ${(error as Error).message}`;
        if (retry >= route.retryLimit) {
          log('error', `[engine] chunk of ${events.length} records cannot be retried: output=${route.name} ${reason}`);
          return;
        }
        const seconds = retryDelay(retry);
        log('warn', `[engine] failed to flush chunk, retry in ${seconds} seconds: output=${route.name} ${reason}`);
        await new Promise((resolve) => setTimeout(resolve, stopping ? 1000 : seconds * 1000));
      }
    }
  }

  /** A filter that fails leaves the event as it is. */
  function applied(filter: Filter, event: LogEvent): LogEvent | undefined {
    try {
      return filter(event);
    } catch (error) {
      log('error', `[filter] ${(error as Error).message}`);
      return event;
    }
  }

  /** "Exponential backoff and jitter": a random time between the base and what the retries so far allow. */
  function retryDelay(retry: number): number {
    const most = Math.min(backoff.cap, backoff.base * 2 ** (retry + 1));
    return Math.round(backoff.base + Math.random() * Math.max(0, most - backoff.base));
  }

  return {
    take(event) {
      let filtered: LogEvent | undefined = event;
      for (const filter of filters) filtered = filtered && applied(filter, filtered);
      if (!filtered) return;
      for (const route of routes) {
        if (!route.matches(filtered.tag)) continue;
        const events = waiting.get(route) ?? [];
        events.push(filtered);
        waiting.set(route, events);
        unsent += 1;
      }
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      flush();
      const grace = new Promise((resolve) => setTimeout(resolve, graceSeconds * 1000).unref());
      await Promise.race([Promise.all(sending), grace]);
      return unsent;
    },
  };
}
