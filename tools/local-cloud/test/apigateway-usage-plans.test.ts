import {
  APIGatewayClient,
  CreateApiKeyCommand,
  type CreateApiKeyCommandInput,
  CreateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetUsageCommand,
  ImportApiKeysCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCloud, startApiCloud } from './apigateway-support.ts';

let cloud: ApiCloud;
beforeAll(async () => {
  cloud = await startApiCloud();
});
afterAll(() => cloud.close());

let count = 0;
async function key(settings: Partial<CreateApiKeyCommandInput> = {}) {
  count += 1;
  const { id: keyId = '', value = '' } = await cloud.gateway.send(
    new CreateApiKeyCommand({ name: `key-${count}`, enabled: true, ...settings }),
  );
  return { keyId, headers: { 'x-api-key': value } };
}

/** An API with a plan, whose methods want a key; and keys of the plan. */
async function planned(plan: Partial<CreateUsagePlanCommandInput>, keys = 1) {
  const api = await cloud.api({
    'GET /orders': { mock: {}, method: { apiKeyRequired: true } },
    'GET /report': { mock: {}, method: { apiKeyRequired: true } },
    'GET /open': { mock: {} },
  });
  const { id: usagePlanId = '' } = await cloud.gateway.send(
    new CreateUsagePlanCommand({ name: 'plan', apiStages: [{ apiId: api.restApiId, stage: 'test' }], ...plan }),
  );
  const tenants = [];
  for (let i = 0; i < keys; i += 1) {
    const tenant = await key();
    await cloud.gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: tenant.keyId, keyType: 'API_KEY' }));
    tenants.push(tenant);
  }
  const [first] = tenants;
  return {
    api,
    usagePlanId,
    tenants,
    /** Statuses of so many requests at once, by the first key. */
    flood: async (requests: number, path = '/orders', headers: Record<string, string> | undefined = first?.headers) => {
      const answers = await Promise.all(Array.from({ length: requests }, () => api.call(path, headers && { headers })));
      return answers.map(({ status }) => status).sort();
    },
    change: (path: string, value: string) =>
      cloud.gateway.send(
        new UpdateUsagePlanCommand({ usagePlanId, patchOperations: [{ op: 'replace', path, value }] }),
      ),
  };
}

const limitExceeded = { status: 429, error: 'LimitExceededException', body: { message: 'Limit Exceeded' } };
const tooMany = { status: 429, error: 'TooManyRequestsException', body: { message: 'Too Many Requests' } };
const forbidden = { status: 403, error: 'ForbiddenException', body: { message: 'Forbidden' } };

describe('keys', () => {
  test('an account has ten thousand, by whatever way they come, and room again when one is deleted', async () => {
    const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
    const gateway = cloud.client(APIGatewayClient, { credentials });
    const rows = Array.from({ length: 10_001 }, (_, number) => `tenant-${number},value-of-the-key-${100_000 + number}`);
    const body = Buffer.from(['Name,Key', ...rows].join('\n'));
    const { ids = [], warnings } = await gateway.send(new ImportApiKeysCommand({ format: 'csv', body }));
    expect(ids).toHaveLength(10_000);
    expect(warnings).toEqual([expect.stringContaining('Maximum number of API keys')]);
    const one = () => gateway.send(new CreateApiKeyCommand({ name: 'one more' }));
    await expect(one()).rejects.toMatchObject({ name: 'LimitExceededException' });
    await gateway.send(new DeleteApiKeyCommand({ apiKey: ids[0] }));
    expect(await one()).toMatchObject({ name: 'one more' });
  });

  test('a key that took the place of a deleted one of the same value is the one that counts', async () => {
    const { api, tenants, usagePlanId } = await planned({});
    const [{ keyId = '', headers = { 'x-api-key': '' } } = {}] = tenants;
    expect((await api.call('/orders', { headers })).status).toBe(200);
    await cloud.gateway.send(new DeleteApiKeyCommand({ apiKey: keyId }));
    expect(await api.call('/orders', { headers })).toMatchObject(forbidden);
    const again = await key({ value: headers['x-api-key'] });
    expect(await api.call('/orders', { headers })).toMatchObject(forbidden);
    await cloud.gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: again.keyId, keyType: 'API_KEY' }));
    expect((await api.call('/orders', { headers })).status).toBe(200);
  });

  test('a method that wants a key is forbidden without one, with an unknown one, and with one of no plan for the stage', async () => {
    const { api, tenants } = await planned({});
    expect(await api.call('/orders')).toMatchObject(forbidden);
    expect(await api.call('/orders', { headers: { 'x-api-key': 'twenty-characters-of-nothing' } })).toMatchObject(
      forbidden,
    );
    expect(await api.call('/orders', { headers: (await key()).headers })).toMatchObject(forbidden);
    expect((await api.call('/orders', { headers: tenants[0]?.headers ?? {} })).status).toBe(200);
    expect((await api.call('/open')).status).toBe(200);
  });

  test('a disabled key is forbidden at once, and good again when it is enabled', async () => {
    const { flood, tenants } = await planned({});
    const enabled = (value: string) =>
      cloud.gateway.send(
        new UpdateApiKeyCommand({
          apiKey: tenants[0]?.keyId,
          patchOperations: [{ op: 'replace', path: '/enabled', value }],
        }),
      );
    await enabled('false');
    expect(await flood(1)).toEqual([403]);
    await enabled('true');
    expect(await flood(1)).toEqual([200]);
  });

  test('a key taken out of the plan is forbidden', async () => {
    const { flood, usagePlanId, tenants } = await planned({});
    await cloud.gateway.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId: tenants[0]?.keyId }));
    expect(await flood(1)).toEqual([403]);
  });

  test.each([
    ['too short', 'nineteen-characters', 'API Key value should be at least 20 characters'],
    ['of another alphabet', 'twenty characters and spaces', 'API Key value contains invalid characters'],
  ])('a value %s is refused', async (_, value, message) => {
    await expect(key({ value })).rejects.toMatchObject({ name: 'BadRequestException', message });
  });

  test('two keys have two values', async () => {
    await key({ value: 'one-value-for-one-key' });
    await expect(key({ value: 'one-value-for-one-key' })).rejects.toMatchObject({ name: 'ConflictException' });
  });

  test('a key is in one plan of a stage at most', async () => {
    const { api, tenants } = await planned({});
    const { id: usagePlanId } = await cloud.gateway.send(
      new CreateUsagePlanCommand({ name: 'other', apiStages: [{ apiId: api.restApiId, stage: 'test' }] }),
    );
    const add = new CreateUsagePlanKeyCommand({ usagePlanId, keyId: tenants[0]?.keyId, keyType: 'API_KEY' });
    await expect(cloud.gateway.send(add)).rejects.toMatchObject({ name: 'ConflictException' });
  });
});

describe('quota', () => {
  const quota = { limit: 2, period: 'DAY' } as const;

  test('the request after the last is told so, another key is not touched, and midnight brings all back', async () => {
    const { api, flood, tenants } = await planned({ quota }, 2);
    expect(await flood(2)).toEqual([200, 200]);
    expect(await api.call('/report', { headers: tenants[0]?.headers ?? {} })).toMatchObject(limitExceeded);
    expect((await api.call('/orders', { headers: tenants[1]?.headers ?? {} })).status).toBe(200);
    const { clock } = cloud.cloud;
    await clock.advance(86_400_000 - (clock.now() % 86_400_000) - 60_000);
    expect(await flood(1)).toEqual([429]);
    await clock.advance(60_000);
    expect(await flood(2)).toEqual([200, 200]);
  });

  test('of many at once exactly as many pass as are left', async () => {
    const { flood } = await planned({ quota: { limit: 7, period: 'MONTH' } });
    expect((await flood(20)).filter((status) => status === 200)).toHaveLength(7);
  });

  test('a higher limit counts at once, what was used stays used', async () => {
    const { flood, change } = await planned({ quota });
    await flood(3);
    await change('/quota/limit', '3');
    expect(await flood(2)).toEqual([200, 429]);
  });

  test('GetUsage says what is used and left, UpdateUsage gives more for this period', async () => {
    const { flood, usagePlanId, tenants } = await planned({ quota });
    await flood(3);
    const { keyId = '' } = tenants[0] ?? {};
    const today = new Date(cloud.cloud.clock.now()).toISOString().slice(0, 10);
    const usage = async () => {
      const range = { usagePlanId, startDate: today, endDate: today };
      return (await cloud.gateway.send(new GetUsageCommand(range))).items;
    };
    expect(await usage()).toEqual({ [keyId]: [[2, 0]] });
    const patchOperations = [{ op: 'replace' as const, path: '/remaining', value: '5' }];
    await cloud.gateway.send(new UpdateUsageCommand({ usagePlanId, keyId, patchOperations }));
    expect(await usage()).toEqual({ [keyId]: [[2, 5]] });
    expect(await flood(1)).toEqual([200]);
    expect(await usage()).toEqual({ [keyId]: [[3, 4]] });
  });

  test('what is turned away, by key or by rate, takes nothing of it', async () => {
    const { api, flood, usagePlanId, tenants } = await planned({ quota, throttle: { rateLimit: 0.1, burstLimit: 1 } });
    await api.call('/orders');
    expect(await flood(4)).toEqual([200, 429, 429, 429]);
    await cloud.cloud.clock.advance(10_000);
    expect(await flood(1)).toEqual([200]);
    const today = new Date(cloud.cloud.clock.now()).toISOString().slice(0, 10);
    const range = { usagePlanId, startDate: today, endDate: today };
    const { items } = await cloud.gateway.send(new GetUsageCommand(range));
    expect(items).toEqual({ [tenants[0]?.keyId ?? '']: [[2, 0]] });
  });

  test('an offset is taken off the first period only', async () => {
    const { flood } = await planned({ quota: { limit: 3, period: 'WEEK', offset: 2 } });
    expect(await flood(2)).toEqual([200, 429]);
    await cloud.cloud.clock.advance(7 * 86_400_000);
    expect(await flood(4)).toEqual([200, 200, 200, 429]);
  });

  test.each([
    [{ limit: 1, period: 'DAY', offset: 1 }, 'Usage Plan quota offset must be zero in the DAY period'],
    [{ limit: 0, period: 'DAY' }, 'Usage Plan quota limit must be greater than zero'],
  ] as const)('%o is refused', async (wrong, message) => {
    const call = cloud.gateway.send(new CreateUsagePlanCommand({ name: 'wrong', quota: wrong }));
    await expect(call).rejects.toMatchObject({ name: 'BadRequestException', message });
  });
});

describe('throttling', () => {
  test('a burst passes, the rest is turned away, and tokens come back at the rate', async () => {
    const { api, flood, tenants } = await planned({ throttle: { rateLimit: 1, burstLimit: 4 } }, 2);
    // The bucket fills while requests come in: on a busy machine a few more pass.
    const passed = (await flood(40)).filter((status) => status === 200).length;
    expect(passed).toBeGreaterThanOrEqual(4);
    expect(passed).toBeLessThan(20);
    expect((await api.call('/orders', { headers: tenants[1]?.headers ?? {} })).status).toBe(200);
    await cloud.cloud.clock.advance(10_000);
    expect((await flood(4)).filter((status) => status === 200)).toHaveLength(4);
  });

  test('what is too much says so', async () => {
    const { api, flood, tenants } = await planned({ throttle: { rateLimit: 0.001, burstLimit: 1 } });
    await flood(1);
    expect(await api.call('/orders', { headers: tenants[0]?.headers ?? {} })).toMatchObject(tooMany);
  });

  test('a plan may have other limits for a method', async () => {
    const { api, flood, usagePlanId } = await planned({ throttle: { rateLimit: 0.001, burstLimit: 3 } });
    const path = `/apiStages/${api.restApiId}:test/throttle/~1report/GET`;
    await cloud.gateway.send(
      new UpdateUsagePlanCommand({
        usagePlanId,
        patchOperations: [
          { op: 'replace', path: `${path}/rateLimit`, value: '0.001' },
          { op: 'replace', path: `${path}/burstLimit`, value: '1' },
        ],
      }),
    );
    expect(await flood(2, '/report')).toEqual([200, 429]);
    expect(await flood(4)).toEqual([200, 200, 200, 429]);
  });

  test('changed limits count at once', async () => {
    const { flood, change } = await planned({ throttle: { rateLimit: 0.001, burstLimit: 1 } });
    expect(await flood(2)).toEqual([200, 429]);
    await change('/throttle/rateLimit', '1000');
    await cloud.cloud.clock.advance(1000);
    expect(await flood(1)).toEqual([200]);
  });

  test('a stage limits each of its methods, keys or not', async () => {
    const { api, flood } = await planned({});
    await api.stage(
      { op: 'replace', path: '/*/*/throttling/rateLimit', value: '0.001' },
      { op: 'replace', path: '/*/*/throttling/burstLimit', value: '2' },
      { op: 'replace', path: '/~1report/GET/throttling/burstLimit', value: '1' },
    );
    expect(await flood(3, '/open', {})).toEqual([200, 200, 429]);
    expect(await flood(2, '/report')).toEqual([200, 429]);
  });
});
