import type {
  ApiKey,
  CreateUsagePlanKeyCommandInput,
  CreateUsagePlanKeyCommandOutput,
  DeleteUsagePlanKeyCommandInput,
  DeleteUsagePlanKeyCommandOutput,
  GetUsagePlanKeyCommandInput,
  GetUsagePlanKeyCommandOutput,
  GetUsagePlanKeysCommandInput,
  GetUsagePlanKeysCommandOutput,
  UsagePlanKey,
} from '@aws-sdk/client-api-gateway';
import { type Call, operation } from '../../service.ts';
import { badRequest, conflict, found, notFound } from './errors.ts';
import { page } from './page.ts';
import { type Plan, stateOf } from './state.ts';
import { checkKeyInOnePlan, planOf } from './usage-plans.ts';

export const createUsagePlanKey = operation<CreateUsagePlanKeyCommandInput, CreateUsagePlanKeyCommandOutput>({
  run(input, call) {
    const state = stateOf(call);
    const plan = planOf(input, call);
    if (input.keyType !== 'API_KEY') throw badRequest('Invalid key type specified: API_KEY is the only one');
    const key = found(state.apiKeys, input.keyId, 'ApiKey');
    if (plan.keys.has(key.id as string)) throw conflict('Usage Plan Key already exists for this Usage Plan');
    checkKeyInOnePlan(state, plan.settings, key.id as string);
    plan.keys.set(key.id as string, { periodStart: 0, used: 0, extension: 0, days: new Map() });
    return { ...described(key), value: key.value };
  },
});

export const getUsagePlanKey = operation<GetUsagePlanKeyCommandInput, GetUsagePlanKeyCommandOutput>({
  run(input, call) {
    planKeyOf(input, call);
    return described(found(stateOf(call).apiKeys, input.keyId, 'ApiKey'));
  },
});

export const getUsagePlanKeys = operation<GetUsagePlanKeysCommandInput, GetUsagePlanKeysCommandOutput>({
  run(input, call) {
    const { apiKeys } = stateOf(call);
    const keys = [...planOf(input, call).keys.keys()].flatMap((id) => apiKeys.get(id) ?? []);
    return page(keys.filter(({ name = '' }) => name.startsWith(input.nameQuery ?? '')).map(described), input);
  },
});

export const deleteUsagePlanKey = operation<DeleteUsagePlanKeyCommandInput, DeleteUsagePlanKeyCommandOutput>({
  run(input, call) {
    planKeyOf(input, call).keys.delete(input.keyId ?? '');
    return {};
  },
});

/** The plan, which has the key. Throws NotFoundException. */
export function planKeyOf(input: { usagePlanId: string | undefined; keyId: string | undefined }, call: Call): Plan {
  const plan = planOf(input, call);
  if (!plan.keys.has(input.keyId ?? '')) throw notFound('Invalid Usage Plan Key identifier specified');
  return plan;
}

function described({ id, name }: ApiKey): UsagePlanKey {
  return { id, type: 'API_KEY', ...(name !== undefined && { name }) };
}
