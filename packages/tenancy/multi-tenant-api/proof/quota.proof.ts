import { APIGatewayClient, UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { eventually } from '@stackyard/proof-kit';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { admin, call, farFromMidnight, newTenant, output, signedIn, unhurried, used } from './deployed.ts';

const limitExceeded = { status: 429, body: { title: 'Limit Exceeded', status: 429 } };

beforeEach(farFromMidnight);

/** Statuses of so many requests, one after the other. */
async function statuses(token: string, times: number): Promise<number[]> {
  const answers = [];
  for (let request = 0; request < times; request++) answers.push((await unhurried('products', token)).status);
  return answers;
}

describe('given the article’s plan of five requests a day', () => {
  test('when a tenant has sent five, then the sixth is refused, and another tenant is answered at that moment', async () => {
    const [acme, other] = await Promise.all([newTenant('free'), newTenant('free')]);
    const [acmeUser, otherUser] = [await signedIn(acme), await signedIn(other)];
    expect(await statuses(acmeUser, 5)).toEqual([200, 200, 200, 200, 200]);
    const sixth = await unhurried('products', acmeUser);
    expect(sixth).toMatchObject(limitExceeded);
    expect(sixth.headers.get('retry-after')).toBe('3600');
    expect(sixth.headers.get('content-type')).toBe('application/problem+json');
    expect((await unhurried('products', otherUser)).status).toBe(200);
  });

  test('when two users of a tenant send requests, then they share one count', async () => {
    const tenant = await newTenant('free');
    const [first, second] = [await signedIn(tenant), await signedIn(tenant)];
    expect(await statuses(first, 3)).toEqual([200, 200, 200]);
    expect(await statuses(second, 2)).toEqual([200, 200]);
    expect(await unhurried('products', first)).toMatchObject(limitExceeded);
    expect(await unhurried('products', second)).toMatchObject(limitExceeded);
    // API Gateway tells the count some time later on AWS.
    await eventually(async () => expect(await used(first)).toBe(5));
  });

  test('when the tenant gets another plan, then it goes on at once, without a deployment', async () => {
    const tenant = await newTenant('free');
    const token = await signedIn(tenant);
    await statuses(token, 5);
    expect(await unhurried('products', token)).toMatchObject(limitExceeded);
    expect(await admin('PATCH', `tenants/${tenant}`, { plan: 'standard' })).toMatchObject({
      status: 200,
      body: { plan: 'standard' },
    });
    expect((await unhurried('products', token)).status).toBe(200);
  });

  test('when the plan itself is changed, then all of its tenants have more, without a deployment', async () => {
    const usagePlanId = JSON.parse(await output('UsagePlans')).free;
    const gateway = new APIGatewayClient({});
    const limit = (value: string) => {
      const patchOperations = [{ op: 'replace' as const, path: '/quota/limit', value }];
      return gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    };
    onTestFinished(async () => {
      await limit('5');
    });
    const token = await signedIn(await newTenant('free'));
    await statuses(token, 5);
    expect(await unhurried('products', token)).toMatchObject(limitExceeded);
    await limit('7');
    expect((await unhurried('products', token)).status).toBe(200);
  });

  test('when a tenant sends more at once than its burst of two, then the rest is told to come again in a second', async () => {
    const token = await signedIn(await newTenant('free'));
    expect((await unhurried('products', token)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('products', token)));
    const throttled = answers.filter(({ body }) => body.title === 'Too Many Requests');
    expect(throttled.length).toBeGreaterThanOrEqual(10);
    expect(throttled[0]?.headers.get('retry-after')).toBe('1');
  });
});
