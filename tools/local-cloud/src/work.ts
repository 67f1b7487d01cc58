/** What the cloud is doing: time that is let pass waits for it, see `Clock.advance`. */
export interface Work {
  /** Counts a piece of work until it settles, and gives it back. */
  track<T>(piece: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way, or nothing but what has been for longer than the patience with it. */
  settled(): Promise<void>;
}

/**
 * On the machine's clock: enough for a function to start and to make a batch of calls on a busy machine. What takes longer hangs,
 * and time must pass for it to reach its timeout.
 */
const patienceMs = 60_000;

export function createWork(): Work {
  const pieces = new Map<Promise<void>, { readonly since: number }>();

  function track<T>(piece: Promise<T>): Promise<T> {
    const ended: Promise<void> = piece.then(
      () => void pieces.delete(ended),
      () => void pieces.delete(ended),
    );
    pieces.set(ended, { since: Date.now() });
    return piece;
  }

  async function settled(): Promise<void> {
    for (;;) {
      // What a timer or the last piece has started gets to run first, and to be counted.
      await new Promise((resolve) => setImmediate(resolve));
      const awaited = [...pieces].filter(([, { since }]) => Date.now() - since < patienceMs);
      if (awaited.length === 0) return;
      const oldest = Math.min(...awaited.map(([, { since }]) => since));
      await firstOf(
        awaited.map(([ended]) => ended),
        oldest + patienceMs - Date.now(),
      );
    }
  }

  return { track, settled };
}

async function firstOf(pieces: readonly Promise<void>[], ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  timer.unref();
  await Promise.race([promise, Promise.all(pieces)]);
  clearTimeout(timer);
}
