import {
  type APIGatewayClient,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetUsagePlansCommand,
  LimitExceededException,
  NotFoundException,
  paginateGetApiKeys,
  paginateGetUsagePlanKeys,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { TenancyError } from '../errors.ts';
import { type PlanName, planNames } from '../plans.ts';
import type { UsagePlanIds } from '../usage-plans.ts';
import type { KeyRegistry } from './ports.ts';
import { unless } from './unless.ts';

/** What names of tenants' keys begin with: keys of other stacks in the account are left alone. */
export const keyPrefix = (stackName: string) => `${stackName}/tenant/`;

/** @param planIds usage plan IDs of API Gateway by the plan's name. */
export function gatewayKeys(
  client: APIGatewayClient,
  planIds: () => Promise<UsagePlanIds>,
  stackName: string,
): KeyRegistry {
  const prefix = keyPrefix(stackName);
  async function plansByKey(): Promise<ReadonlyMap<string, PlanName>> {
    const plans = new Map<string, PlanName>();
    for (const [plan, usagePlanId] of Object.entries(await planIds())) {
      for await (const { items = [] } of paginateGetUsagePlanKeys({ client }, { usagePlanId, limit: 500 })) {
        for (const { id = '' } of items) plans.set(id, plan as PlanName);
      }
    }
    return plans;
  }

  return {
    async ofTenant(tenantId) {
      const found = [];
      const input = { nameQuery: `${prefix}${tenantId}`, includeValues: true, limit: 500 };
      for await (const { items = [] } of paginateGetApiKeys({ client }, input)) found.push(...items);
      return found
        .filter(({ name }) => name === `${prefix}${tenantId}`)
        .map(({ id = '', value = '', enabled = false }) => ({ id, value, enabled }));
    },
    async *all() {
      const plans = await plansByKey();
      const input = { nameQuery: prefix, includeValues: true, limit: 500 };
      for await (const { items = [] } of paginateGetApiKeys({ client }, input)) {
        for (const { id = '', name = '', value = '', enabled = false } of items) {
          if (!name.startsWith(prefix)) continue;
          yield { tenantId: name.slice(prefix.length), id, value, enabled, plan: plans.get(id) };
        }
      }
    },
    async create(tenantId, value) {
      const name = `${prefix}${tenantId}`;
      try {
        const { id = '' } = await client.send(new CreateApiKeyCommand({ name, value, enabled: true }));
        return { id, value, enabled: true };
      } catch (error) {
        if (!(error instanceof LimitExceededException)) throw error;
        throw new TenancyError('TENANT_NO_ROOM', [
          `${error.message}; offboard a tenant and try again, or onboard into a stack in another account`,
        ]);
      }
    },
    async setEnabled(apiKey, enabled) {
      const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: String(enabled) }];
      await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
    },
    async delete(apiKey) {
      await unless(NotFoundException, client.send(new DeleteApiKeyCommand({ apiKey })));
    },
    async planOf(keyId) {
      const { items = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
      const ids = await planIds();
      return planNames.find((name) => items.some(({ id }) => id === ids[name]));
    },
    async attach(keyId, plan) {
      const command = new CreateUsagePlanKeyCommand({
        usagePlanId: (await planIds())[plan],
        keyId,
        keyType: 'API_KEY',
      });
      await unless(ConflictException, client.send(command));
    },
    async detach(keyId, plan) {
      const command = new DeleteUsagePlanKeyCommand({ usagePlanId: (await planIds())[plan], keyId });
      await unless(NotFoundException, client.send(command));
    },
  };
}
