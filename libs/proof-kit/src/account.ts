import { eventually } from './eventually.ts';
import { createLedger, type Ledger } from './ledger.ts';

/**
 * Waits until everything that was sent has arrived, or 20 seconds went by, and keeps the ledger of it.
 *
 * @param sent identities of what was sent
 * @param arrivals identities of all that arrived so far, an identity as often as it arrived
 */
export async function account(sent: readonly string[], arrivals: () => Promise<readonly string[]>): Promise<Ledger> {
  const expected = new Set(sent);
  await eventually(async () => {
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
