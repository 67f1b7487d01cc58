import type { Cloud } from '../service.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { StreamSource } from './source.ts';

/** One enabled mapping at work: what its readers and lanes share. */
export interface Run {
  readonly cloud: Cloud;
  readonly mapping: EventSourceMapping;
  readonly source: StreamSource;
  /** Aborted when the mapping is disabled, changed or deleted, or the cloud closes. */
  readonly signal: AbortSignal;
  /** How long the stream keeps its records. */
  retentionMs: number;
}

/** Lets others wait for the next change of something. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring. */
  heard(): Promise<void>;
}

export function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring() {
      next.resolve();
      next = Promise.withResolvers();
    },
    heard: () => next.promise,
  };
}

/** Resolves at the next ring, at the time (milliseconds since the epoch) if there is one, or rejects when the run ends. */
export async function heardUntil(
  bell: Bell,
  { cloud, signal }: Pick<Run, 'cloud' | 'signal'>,
  time: number | undefined,
): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  void bell.heard().then(resolve);
  const cancel = time === undefined ? undefined : cloud.clock.after(Math.max(0, time - cloud.clock.now()), resolve);
  try {
    await promise;
  } finally {
    cancel?.();
    signal.removeEventListener('abort', abort);
  }
}
