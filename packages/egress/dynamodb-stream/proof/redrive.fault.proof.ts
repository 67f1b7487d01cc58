import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { asTimePasses, partner } from '@stackyard/egress/proof';
import { eventually, faults, stackOutputs } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployedTable, subjectOf, type ToldChange } from './deployed-table.ts';

afterEach(() => faults.clear());

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
const stack = `${stage}-egress-dynamodb-stream`;

/** What `pnpm redrive` prints. What else failed for good in this deployment makes it end with 1. */
async function redrive(...options: string[]): Promise<string> {
  const command = ['../../../tools/redrive/src/main.ts', stack, ...options];
  const { stdout } = await promisify(execFile)('node', command).catch((error: { stdout: string }) => error);
  return stdout;
}

test('given an outage of the partner that outlasts all retries, then a redrive tells it the changes that were given up', async () => {
  const table = await deployedTable();
  const pk = `user-${randomUUID()}`;
  const waiting = async () => (await table.givenUp()).flat().filter((each) => each === pk);
  const { BucketName } = await stackOutputs(`${stage}-egress-partner`);
  // The partner's own bucket: what is given up needs another.
  const outage = await faults.start({
    service: 's3',
    operation: 'PutObject',
    resource: BucketName,
    effect: { kind: 'fail', code: 'ServiceUnavailable', status: 503 },
  });
  for (const age of [0, 1, 2]) await table.put(pk, age);
  await asTimePasses(async () => expect(await waiting()).toHaveLength(3));
  await outage.end();
  expect(await redrive()).toContain('Nothing was changed');
  expect(await waiting()).toHaveLength(3);
  const told = () => partner.calls<ToldChange>([subjectOf(pk)]);
  // It calls the function: what fails again, for a partner that starts slowly, stays for the next redrive.
  await eventually(async () => {
    await redrive('--yes');
    expect(await waiting()).toHaveLength(0);
  }, 120_000);
  expect((await told()).at(-1)?.event.after?.age).toBe(2);
});
