import type { Cloud } from '../../service.ts';
import type { Queue } from './state.ts';

/** Long polls by the queue they wait at. No part of the state: they end with their connections. */
const waiting = new WeakMap<Queue, Set<() => void>>();

/** Tells all who wait at the queue to look again. */
export function ring(queue: Queue): void {
  const listeners = waiting.get(queue);
  if (!listeners || listeners.size === 0) return;
  waiting.delete(queue);
  for (const listener of listeners) listener();
}

/** Resolves at the next ring or at the time (milliseconds since the epoch); rejects when the signal is aborted. */
export async function heard(queue: Queue, cloud: Cloud, time: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const listeners = waiting.get(queue) ?? new Set();
  waiting.set(queue, listeners);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal?.reason);
  listeners.add(resolve);
  signal?.addEventListener('abort', abort, { once: true });
  const cancel = cloud.clock.after(Math.max(0, time - cloud.clock.now()), resolve);
  try {
    await promise;
  } finally {
    cancel();
    listeners.delete(resolve);
    signal?.removeEventListener('abort', abort);
  }
}
