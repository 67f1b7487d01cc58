import { describe, expect, test } from 'vitest';
import { decide, tenantIdOf } from '../src/authorizer/decide.ts';
import type { Tenant } from '../src/tenants/tenant.ts';
import { tenantId } from './tokens.ts';

const claims = { sub: 'user-1', 'cognito:username': 'ann', 'custom:tenant_id': tenantId };
const tenant: Tenant = {
  tenantId,
  slug: 'acme',
  plan: 'free',
  status: 'ACTIVE',
  apiKey: `${tenantId}.key`,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 1,
};
const stage = 'arn:aws:execute-api:us-east-1:000000000000:abc123/dev';
const methodArn = `${stage}/GET/products`;

test('an active tenant’s requests are counted by its key, and the integration learns whose they are', () => {
  const answer = decide(claims, tenant, methodArn);
  expect(answer).toMatchObject({
    principalId: 'user-1',
    usageIdentifierKey: tenant.apiKey,
    context: { tenantId, plan: 'free', userId: 'user-1', username: 'ann' },
  });
});

describe('the policy', () => {
  const { Statement } = decide(claims, tenant, methodArn).policyDocument;

  test('is the same whatever method asked: the answer is kept for all of them', () => {
    expect(decide(claims, tenant, `${stage}/POST/products`).policyDocument.Statement).toEqual(Statement);
  });

  test('allows what tenants may call, of this stage, and never the admin API', () => {
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: ['GET/products', 'GET/products/*', 'POST/products', 'GET/usage'].map((path) => `${stage}/${path}`),
      },
    ]);
  });
});

test.each<[string, typeof claims, Tenant | undefined]>([
  ['nobody’s', claims, undefined],
  ['another tenant’s', { ...claims, 'custom:tenant_id': 'other-0123456789abcdefghij' }, tenant],
  ['a suspended tenant’s', claims, { ...tenant, status: 'SUSPENDED' }],
  ['an unfinished tenant’s', claims, { ...tenant, status: 'ONBOARDING' }],
  ['a former tenant’s', claims, { ...tenant, status: 'OFFBOARDED' }],
])('a token that is %s is denied everything, and counted by no key', (_, given, row) => {
  const answer = decide(given, row, methodArn);
  expect(answer.policyDocument.Statement).toMatchObject([{ Effect: 'Deny' }]);
  expect(answer.usageIdentifierKey).toBeUndefined();
});

test.each([undefined, 7, '', 'short', 'A'.repeat(24), `${tenantId}/../other`, 'x'.repeat(129)])(
  'a tenant claim of %j is none',
  (claim) => {
    expect(tenantIdOf({ ...claims, 'custom:tenant_id': claim as string })).toBeUndefined();
  },
);
