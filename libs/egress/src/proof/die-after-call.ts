import { eventually, faults, type StartedFault } from '@stackyard/proof-kit';
import { expect } from 'vitest';
import { partner } from './partner.ts';
import { asTimePasses } from './time-passes.ts';

/**
 * Lets time pass until the partner has taken the only call about the subject, whose answers get lost; then the function dies in the
 * middle of its work, and answers get lost no longer.
 */
export async function dieAfterCall(
  functionName: string,
  {
    subject,
    lost,
    leapMs,
  }: { readonly subject: string; readonly lost: StartedFault; readonly leapMs?: number | undefined },
): Promise<void> {
  let isDead = false;
  const death = eventually(
    async () => {
      expect(await partner.calls([subject])).toHaveLength(1);
      await faults.kill({ function: functionName });
      await lost.end();
      isDead = true;
    },
    120_000,
    50,
  );
  // Time stands still while the function is at work.
  await Promise.all([death, asTimePasses(async () => expect(isDead).toBe(true), leapMs)]);
}
