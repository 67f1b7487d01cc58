/** Waits for a call; that it fails because things are as wanted already is as good. */
export async function unless(error: new (...args: never[]) => Error, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    if (!(thrown instanceof error)) throw thrown;
  }
}
