import { faults } from '@stackyard/proof-kit';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  admin,
  call,
  countedOf,
  farFromMidnight,
  newTenant,
  newUser,
  output,
  secondsThere,
  signedIn,
  tokens,
  unhurried,
} from './deployed.ts';

const day = 86_400_000;

beforeEach(farFromMidnight);

test('given a token of an hour ago, when it comes, then it is refused as expired, and nothing is counted', async () => {
  const tenant = await newTenant('standard');
  await faults.jumpClock(-3_600_000);
  const token = await signedIn(tenant);
  await faults.jumpClock(3_600_000);
  expect((await call('products', token)).status).toBe(401);
  expect(await countedOf(tenant)).toBe(0);
});

describe('given a signed-in user of an active tenant', () => {
  test('when the tenant is suspended, then within a minute nothing of it passes', async () => {
    const tenant = await newTenant('standard');
    const token = await signedIn(tenant);
    expect((await call('products', token)).status).toBe(200);
    await admin('PATCH', `tenants/${tenant}`, { status: 'SUSPENDED' });
    await faults.passTime(60_000);
    expect((await call('products', token)).status).toBe(403);
    await admin('PATCH', `tenants/${tenant}`, { status: 'ACTIVE' });
    await faults.passTime(60_000);
    expect((await call('products', token)).status).toBe(200);
  });

  test('when the tenant’s key is rotated, then no request is lost', async () => {
    const tenant = await newTenant('standard');
    const token = await signedIn(tenant);
    expect((await call('products', token)).status).toBe(200);
    expect((await admin('POST', `tenants/${tenant}/key`)).status).toBe(200);
    expect((await call('products', token)).status).toBe(200);
    await faults.passTime(60_000);
    expect((await call('products', token)).status).toBe(200);
  });
});

test('given keys that were rotated, when tokens of the old and the new key come, then both open the API', async () => {
  const user = await newUser(await newTenant('standard'));
  const before = await tokens(user);
  await faults.rotateSigningKeys(await output('UserPoolId'));
  const after = await signedIn(await newTenant('standard'));
  expect((await call('products', before.IdToken)).status).toBe(200);
  expect((await call('products', after)).status).toBe(200);
});

describe('given a tenant whose quota of the day is used up', () => {
  test('when it is midnight (UTC), then a new count begins', async () => {
    const tenant = await newTenant('free');
    const token = await signedIn(tenant);
    for (let request = 0; request < 5; request++) await unhurried('products', token);
    expect(await unhurried('products', token)).toMatchObject({ status: 429, body: { title: 'Limit Exceeded' } });
    const sinceMidnight = ((await secondsThere()) * 1000) % day;
    await faults.passTime(day - sinceMidnight + 1_000);
    expect((await unhurried('products', token)).status).toBe(200);
  });
});
