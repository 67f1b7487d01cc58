import { APIGatewayClient, GetApiKeysCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { AdminListGroupsForUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { type Fault, faults } from '@stackyard/proof-kit';
import { describe, expect, test } from 'vitest';
import { admin, cognito, output, stackName, unique } from './deployed.ts';

/** The calls that onboarding makes, in their order. */
const steps: readonly [service: string, operation: string][] = [
  ['dynamodb', 'TransactWriteItems'],
  ['cognito-idp', 'CreateGroup'],
  ['apigateway', 'CreateApiKey'],
  ['apigateway', 'CreateUsagePlanKey'],
  ['cognito-idp', 'AdminCreateUser'],
  ['cognito-idp', 'AdminAddUserToGroup'],
];
const ways: readonly [string, Fault['effect']][] = [
  ['is refused', { kind: 'fail', code: 'InternalFailure', status: 500 }],
  ['is carried out and its answer lost', { kind: 'cut', when: 'after' }],
];
const cases = steps.flatMap(([service, operation]) =>
  ways.map(([how, effect]) => ({ operation, how, fault: { service, operation, effect } })),
);

/** What there is of a tenant: one key, in one plan, one user in the group. */
async function stateOf(tenantId: string, email: string) {
  const gateway = new APIGatewayClient({});
  const { items: keys = [] } = await gateway.send(
    new GetApiKeysCommand({ nameQuery: `${stackName}/tenant/${tenantId}` }),
  );
  const { items: plans = [] } = await gateway.send(new GetUsagePlansCommand({ keyId: keys[0]?.id }));
  const user = { UserPoolId: await output('UserPoolId'), Username: email };
  const { Groups = [] } = await cognito.send(new AdminListGroupsForUserCommand(user));
  return {
    keys: keys.map(({ enabled }) => ({ enabled })),
    plans: plans.map(({ name }) => name?.split('-').at(-1)),
    groups: Groups.map(({ GroupName }) => GroupName === tenantId),
    row: (await admin('GET', `tenants/${tenantId}`)).body.status,
  };
}

describe('given an onboarding', () => {
  test.each(cases)('when $operation $how, then it ends, retried, in the same state', async ({ fault }) => {
    const wanted = { slug: `proof-${unique()}`, plan: 'standard', email: `${unique()}@example.com` };
    // More often than an SDK client retries.
    const started = await faults.start({ ...fault, times: 3 });
    const first = await admin('POST', 'tenants', wanted);
    expect(await started.hits()).toBeGreaterThan(0);
    await started.end();
    const second = await admin('POST', 'tenants', wanted);
    expect(second).toMatchObject({ status: 201, body: { slug: wanted.slug, status: 'ACTIVE' } });
    if (first.status === 201) expect(second.body.tenantId).toBe(first.body.tenantId);
    expect(await stateOf(second.body.tenantId, wanted.email)).toEqual({
      keys: [{ enabled: true }],
      plans: ['standard'],
      groups: [true],
      row: 'ACTIVE',
    });
  });
});
