/**
 * Runs `action` after `ms` milliseconds; the returned function prevents it.
 *
 * A timer that came due in a freeze fires at the thaw, before anything that arrived meanwhile has been read. This one lets the
 * sockets be read first, so that an answer that is there counts and an event that is there can prevent the action.
 */
export function startTimer(ms: number, action: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timeout = setTimeout(() => {
    immediate = setImmediate(action);
  }, ms);
  return () => {
    clearTimeout(timeout);
    clearImmediate(immediate);
  };
}

/** Resolves when the promise does, or after `ms` milliseconds. Rejects as the promise does. */
export function within(promise: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = startTimer(ms, resolve);
    promise.then(() => resolve(), reject).finally(stop);
  });
}
