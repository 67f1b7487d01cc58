import { account, faults } from '@stackyard/proof-kit';
import { afterEach, expect, test } from 'vitest';
import { deployedArchive, identities, shipped } from './deployed-archive.ts';

afterEach(() => faults.clear());

test('given an S3 that fails ten times, then every record is archived exactly once after all', async () => {
  const archive = await deployedArchive();
  // More often than the SDK's client in the function tries again by itself: Lambda has to.
  const times = 10;
  const effect = {
    kind: 'fail',
    code: 'InternalError',
    message: 'We encountered an internal error.',
    status: 500,
  } as const;
  await faults.start({ service: 's3', operation: 'PutObject', times, effect });
  const lines = identities(200);
  await archive.put(lines.map(shipped));
  const ledger = await account(lines, archive.messages);
  expect(ledger.count()).toEqual({ sent: 200, delivered: 200, duplicated: 0, lost: 0 });
});
