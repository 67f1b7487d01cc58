/**
 * Runs `check` until it no longer throws and resolves with its value; after `within` milliseconds rejects with what it
 * last threw. For what AWS promises to become true without saying when.
 */
export async function eventually<T>(check: () => T | Promise<T>, within = 60_000, every = 250): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, every));
    }
  }
}
