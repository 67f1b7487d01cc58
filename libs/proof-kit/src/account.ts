import { eventually } from './eventually.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** What has not arrived after so many milliseconds may wait in an environment that is frozen. */
const frozenAfterMs = 10_000;

/**
 * Waits until everything that was sent has arrived, or a minute went by, and keeps the ledger of it.
 *
 * @param sent identities of what was sent
 * @param arrivals identities of all that arrived so far, an identity as often as it arrived
 * @param wake sends the function a request: what a machine under load could not ship by its deadline goes with the next invocation
 */
export async function account(
  sent: readonly string[],
  arrivals: () => Promise<readonly string[]>,
  wake?: () => Promise<unknown>,
): Promise<Ledger> {
  const expected = new Set(sent);
  const start = performance.now();
  await eventually(async () => {
    if (wake && performance.now() - start > frozenAfterMs) await wake();
    const arrived = new Set(await arrivals());
    const missing = sent.filter((id) => !arrived.has(id)).length;
    if (missing > 0) throw new Error(`${missing} of ${sent.length} are missing`);
  }).catch(() => undefined);
  const ledger = createLedger();
  for (const id of sent) ledger.sent(id);
  // Duplicates come late: one more look after the last arrival.
  for (const id of await arrivals()) if (expected.has(id)) ledger.delivered(id);
  return ledger;
}
