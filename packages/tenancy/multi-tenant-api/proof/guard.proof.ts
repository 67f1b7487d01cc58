import { eventually } from '@stackyard/proof-kit';
import { expect, onTestFinished, test } from 'vitest';
import { setAddressLimit } from './address-limit.ts';
import { call, newTenant, signedIn } from './deployed.ts';

test('given an address that floods, when it is over the limit, then the guard answers before anything is counted, and lets it in again', async () => {
  const token = await signedIn(await newTenant('standard'));
  const before = await setAddressLimit(100);
  onTestFinished(async () => {
    await setAddressLimit(before);
  });
  // AWS notices after seconds.
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => call('usage')));
    expect(answers.map(({ status }) => status)).toContain(403);
  });
  const blocked = await call('products', token);
  expect(blocked).toMatchObject({ status: 403, body: { title: 'Forbidden', status: 403 } });
  expect(blocked.headers.get('content-type')).toBe('application/problem+json');
  await setAddressLimit(before);
  await eventually(async () => expect((await call('usage', token)).body).toMatchObject({ used: 0 }));
  expect((await call('products', token)).status).toBe(200);
});
