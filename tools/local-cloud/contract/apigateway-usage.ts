import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  ImportApiKeysCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { expect } from 'vitest';
import { afterwardsDeletePlan, deployedApi, guide, reference } from './apigateway-support.ts';
import { type Claim, refusal, type Target } from './contract.ts';

const usagePlans = guide('Usage plans and API keys for REST APIs');

/** An API whose method wants a key, a plan for its stage, and a key of the plan. */
async function planned(target: Target, settings: Partial<CreateUsagePlanCommandInput>) {
  const api = await deployedApi(target, { apiKeyRequired: true });
  const { gateway, restApiId } = api;
  const name = target.name();
  const apiStages = [{ apiId: restApiId, stage: 'test' }];
  const { id: usagePlanId = '' } = await gateway.send(new CreateUsagePlanCommand({ name, apiStages, ...settings }));
  afterwardsDeletePlan(target, gateway, usagePlanId);
  const { id: keyId = '', value = '' } = await gateway.send(new CreateApiKeyCommand({ name, enabled: true }));
  target.afterwards(() => gateway.send(new DeleteApiKeyCommand({ apiKey: keyId })));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const headers = { 'x-api-key': value };
  // On AWS a key is known to the gateway some seconds after it was made.
  if (!settings.quota && !settings.throttle) {
    await target.until(async () => expect((await api.get('/', headers)).status).toBe(200));
  }
  return { ...api, usagePlanId, keyId, value, headers };
}

export const usageClaims: readonly Claim[] = [
  {
    operation: 'CreateApiKey',
    claim: 'refuses values of fewer than 20 characters',
    limit: '20 to 128 characters',
    source: guide('API Gateway API key file format'),
    async run(target) {
      const { gateway } = await deployedApi(target);
      const call = gateway.send(new CreateApiKeyCommand({ name: target.name(), value: 'a'.repeat(19) }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'CreateApiKey',
    beside: ['GetApiKey', 'GetApiKeys', 'DeleteApiKey'],
    claim: 'makes a value where none is given, which is told only to who asks for it',
    source: reference('GetApiKey'),
    async run(target) {
      const { gateway, keyId: apiKey, value } = await planned(target, {});
      expect(value.length).toBeGreaterThanOrEqual(20);
      expect((await gateway.send(new GetApiKeyCommand({ apiKey }))).value).toBeUndefined();
      expect((await gateway.send(new GetApiKeyCommand({ apiKey, includeValue: true }))).value).toBe(value);
      const { name = '' } = await gateway.send(new GetApiKeyCommand({ apiKey }));
      const { items } = await gateway.send(new GetApiKeysCommand({ nameQuery: name, includeValues: true }));
      expect(items).toMatchObject([{ id: apiKey, value }]);
    },
  },
  {
    operation: 'ImportApiKeys',
    claim: 'takes keys with their plans from a file, and those of the same value over',
    source: guide('API Gateway API key file format'),
    async run(target) {
      const { gateway, usagePlanId, get } = await planned(target, {});
      const value = `${target.name()}-imported`;
      const file = (name: string) =>
        new TextEncoder().encode(`Enabled,Name,key,UsageplanIds\ntrue,${name},${value},"${usagePlanId}"\n`);
      const body = (name: string) =>
        new ImportApiKeysCommand({ format: 'csv', body: file(name), failOnWarnings: true });
      const { ids = [] } = await gateway.send(body('first'));
      target.afterwards(() => gateway.send(new DeleteApiKeyCommand({ apiKey: ids[0] })));
      expect((await gateway.send(body('second'))).ids).toEqual(ids);
      expect((await gateway.send(new GetApiKeyCommand({ apiKey: ids[0] }))).name).toBe('second');
      await target.until(async () => expect((await get('/', { 'x-api-key': value })).status).toBe(200));
      const wrong = new TextEncoder().encode('Name,Key\nshort,short\n');
      const call = gateway.send(new ImportApiKeysCommand({ format: 'csv', body: wrong, failOnWarnings: true }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'UpdateApiKey',
    claim: 'switches a key off: its requests are forbidden',
    source: usagePlans,
    async run(target) {
      const { gateway, keyId: apiKey, get, headers } = await planned(target, {});
      const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
      await gateway.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
      await target.until(async () => {
        expect(await get('/', headers)).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
      });
    },
  },
  {
    operation: 'CreateUsagePlan',
    claim: 'limits a key by its quota: beyond it, 429 Limit Exceeded',
    source: guide('Throttle requests to your REST APIs for better throughput in API Gateway'),
    async run(target) {
      const { get, headers } = await planned(target, { quota: { limit: 3, period: 'DAY' } });
      await target.until(async () => {
        expect(await get('/', headers)).toEqual({
          status: 429,
          error: 'LimitExceededException',
          body: { message: 'Limit Exceeded' },
        });
      });
    },
  },
  {
    operation: 'CreateUsagePlan',
    claim: 'limits a key by rate and burst: beyond them, 429 Too Many Requests',
    source: guide('Throttle requests to your REST APIs for better throughput in API Gateway'),
    async run(target) {
      const { get, headers } = await planned(target, { throttle: { rateLimit: 1, burstLimit: 1 } });
      await target.until(async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, () => get('/', headers)));
        const refused = answers.find(({ status }) => status === 429);
        expect(refused).toEqual({
          status: 429,
          error: 'TooManyRequestsException',
          body: { message: 'Too Many Requests' },
        });
      });
    },
  },
  {
    operation: 'CreateUsagePlan',
    claim: 'refuses an offset for days',
    limit: 'offsets up to 6 in a WEEK, 27 in a MONTH',
    source: reference('QuotaSettings'),
    async run(target) {
      const { gateway } = await deployedApi(target);
      const quota = { limit: 1, period: 'DAY', offset: 1 } as const;
      const call = gateway.send(new CreateUsagePlanCommand({ name: target.name(), quota }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'UpdateUsagePlan',
    beside: ['GetUsagePlan', 'GetUsagePlans'],
    claim: 'changes quota and throttling without a deployment',
    source: reference('UpdateUsagePlan'),
    async run(target) {
      const { gateway, usagePlanId, keyId, get, headers } = await planned(target, {
        quota: { limit: 1, period: 'DAY' },
      });
      await target.until(async () => expect((await get('/', headers)).status).toBe(429));
      const patchOperations = [
        { op: 'replace', path: '/quota/limit', value: '1000' },
        { op: 'replace', path: '/throttle/rateLimit', value: '50' },
      ] as const;
      await gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations: [...patchOperations] }));
      await target.until(async () => expect((await get('/', headers)).status).toBe(200));
      const plan = await gateway.send(new GetUsagePlanCommand({ usagePlanId }));
      expect(plan).toMatchObject({ quota: { limit: 1000, period: 'DAY' }, throttle: { rateLimit: 50 } });
      const { items } = await gateway.send(new GetUsagePlansCommand({ keyId }));
      expect(items?.map(({ id }) => id)).toEqual([usagePlanId]);
    },
  },
  {
    operation: 'DeleteUsagePlan',
    claim: 'refuses a plan that has API stages',
    source: reference('DeleteUsagePlan'),
    async run(target) {
      const { gateway, usagePlanId } = await planned(target, {});
      const call = gateway.send(new DeleteUsagePlanCommand({ usagePlanId }));
      expect((await refusal(call)).name).toBe('BadRequestException');
    },
  },
  {
    operation: 'CreateUsagePlanKey',
    beside: ['GetUsagePlanKey', 'GetUsagePlanKeys', 'DeleteUsagePlanKey'],
    claim: 'puts a key into a plan, once',
    source: reference('CreateUsagePlanKey'),
    async run(target) {
      const { gateway, usagePlanId, keyId, get, headers } = await planned(target, {});
      const again = gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
      expect((await refusal(again)).name).toBe('ConflictException');
      expect(await gateway.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId }))).toMatchObject({ id: keyId });
      const { items } = await gateway.send(new GetUsagePlanKeysCommand({ usagePlanId }));
      expect(items).toMatchObject([{ id: keyId, type: 'API_KEY' }]);
      await gateway.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId }));
      await target.until(async () => expect((await get('/', headers)).status).toBe(403));
    },
  },
  {
    operation: 'GetUsage',
    beside: ['UpdateUsage'],
    claim: 'says for each day what a key has used and left, which UpdateUsage can raise',
    source: reference('GetUsage'),
    async run(target) {
      const { gateway, usagePlanId, keyId, get, headers } = await planned(target, {
        quota: { limit: 2, period: 'MONTH' },
      });
      await target.until(async () => expect((await get('/', headers)).status).toBe(429));
      const patchOperations = [{ op: 'replace' as const, path: '/remaining', value: '9' }];
      await gateway.send(new UpdateUsageCommand({ usagePlanId, keyId, patchOperations }));
      const today = new Date().toISOString().slice(0, 10);
      const range = { usagePlanId, startDate: today, endDate: today };
      await target.until(async () => {
        const { items } = await gateway.send(new GetUsageCommand(range));
        expect(items?.[keyId]?.[0]).toEqual([2, 9]);
      });
    },
  },
];
