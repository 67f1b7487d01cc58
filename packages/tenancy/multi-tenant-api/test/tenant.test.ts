import { expect, test } from 'vitest';
import { newApiKey, newTenantId, readChange, readEmail, readNewTenant } from '../src/tenants/tenant.ts';

test('tenant IDs and API keys are as long as API Gateway wants keys to be, and never the same twice', () => {
  expect(newTenantId('ac').length).toBeGreaterThanOrEqual(20);
  expect(newApiKey(newTenantId('a'.repeat(32))).length).toBeLessThanOrEqual(128);
  expect(newTenantId('acme')).not.toBe(newTenantId('acme'));
});

test('everything wrong with a new tenant is said at once', () => {
  expect(() => readNewTenant({ slug: 'Acme Inc', plan: 'gold', email: 'nobody' })).toThrow(
    'TENANT_INVALID: slug is "Acme Inc"; use 2 to 32 of a-z, 0-9 and -, a letter first; ' +
      'plan is "gold"; use free, standard, premium; email is "nobody"; use name@host',
  );
});

test.each([undefined, null, 'acme', [], 7])('%j is no tenant', (given) => {
  expect(() => readNewTenant(given)).toThrow('the body is no JSON object');
});

test.each(['toString', '__proto__', 'constructor'])('%s is no plan', (plan) => {
  expect(() => readNewTenant({ slug: 'acme', plan })).toThrow('use free, standard, premium');
});

test('a change says what changes', () => {
  expect(readChange({ plan: 'premium' })).toEqual({ plan: 'premium' });
  expect(() => readChange({})).toThrow('nothing changes');
  expect(() => readChange({ status: 'OFFBOARDED' })).toThrow('use ACTIVE or SUSPENDED');
  expect(() => readEmail({})).toThrow('email is missing');
});
