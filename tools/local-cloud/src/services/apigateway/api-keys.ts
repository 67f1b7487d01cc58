import type {
  ApiKey,
  CreateApiKeyCommandInput,
  CreateApiKeyCommandOutput,
  DeleteApiKeyCommandInput,
  DeleteApiKeyCommandOutput,
  GetApiKeyCommandInput,
  GetApiKeyCommandOutput,
  GetApiKeysCommandInput,
  GetApiKeysCommandOutput,
  UpdateApiKeyCommandInput,
  UpdateApiKeyCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { badRequest, conflict, found, unsupported } from './errors.ts';
import { keyByValue } from './key-by-value.ts';
import { page } from './page.ts';
import { flag, type PatchRule, patched, takeOver, text } from './patch.ts';
import { newId, stateOf } from './state.ts';

/** "Quotas for configuring and running a REST API in API Gateway": API keys of an account in one region, not to be increased. */
const mostKeys = 10_000;
/** "API Gateway API key file format": 20 to 128 characters; letters, digits and these. */
const validValue = /^[\w\-.~+/=!@#$%^&*]{20,128}$/;

export const createApiKey = operation<CreateApiKeyCommandInput, CreateApiKeyCommandOutput>({
  run(input, call) {
    const { apiKeys } = stateOf(call);
    const { generateDistinctId: _distinct, stageKeys = [], ...given } = input;
    const now = new Date(call.cloud.clock.now());
    const key: ApiKey = {
      ...given,
      id: newId(10),
      value: input.value || newId(40),
      enabled: input.enabled ?? false,
      createdDate: now,
      lastUpdatedDate: now,
      stageKeys: stageKeys.map(({ restApiId, stageName }) => `${restApiId}/${stageName}`),
      tags: input.tags ?? {},
    };
    checkNew(apiKeys, key.value as string);
    apiKeys.set(key.id as string, key);
    return key;
  },
});

export const getApiKey = operation<GetApiKeyCommandInput, GetApiKeyCommandOutput>({
  run: (input, call) => shown(apiKeyOf(input, call), input.includeValue),
});

export const getApiKeys = operation<GetApiKeysCommandInput, GetApiKeysCommandOutput>({
  run(input, call) {
    if (input.customerId !== undefined) throw unsupported('search of API keys by customerId');
    const all = [...stateOf(call).apiKeys.values()].filter(({ name = '' }) => name.startsWith(input.nameQuery ?? ''));
    const { items, position } = page(all, input);
    return { items: items.map((key) => shown(key, input.includeValues)), ...(position && { position }) };
  },
});

export const updateApiKey = operation<UpdateApiKeyCommandInput, UpdateApiKeyCommandOutput>({
  run(input, call) {
    const key = apiKeyOf(input, call);
    const after = patched(key, input.patchOperations, rules);
    return shown(takeOver(key, { ...after, lastUpdatedDate: new Date(call.cloud.clock.now()) }), false);
  },
});

export const deleteApiKey = operation<DeleteApiKeyCommandInput, DeleteApiKeyCommandOutput>({
  run(input, call) {
    const { apiKeys, usagePlans } = stateOf(call);
    const { id = '' } = apiKeyOf(input, call);
    for (const plan of usagePlans.values()) plan.keys.delete(id);
    apiKeys.delete(id);
    return {};
  },
});

function apiKeyOf({ apiKey }: { apiKey: string | undefined }, call: Call): ApiKey {
  return found(stateOf(call).apiKeys, apiKey, 'ApiKey');
}

/** Values are told only to who asks for them. */
function shown({ value, ...key }: ApiKey, includeValue: boolean | undefined): ApiKey {
  return includeValue ? { ...key, value } : key;
}

const rules: readonly PatchRule<ApiKey>[] = [
  text<ApiKey>('/name', 'name'),
  text<ApiKey>('/description', 'description'),
  text<ApiKey>('/customerId', 'customerId'),
  flag<ApiKey>('/enabled', 'enabled'),
  {
    path: '/stages',
    ops: ['add', 'remove'],
    apply(target, value = '', _, op) {
      const others = (target.stageKeys ?? []).filter((one) => one !== value);
      target.stageKeys = op === 'remove' ? others : [...others, value];
    },
  },
];

/** Throws LimitExceededException, BadRequestException, and ConflictException for the value of another key. */
function checkNew(apiKeys: ReadonlyMap<string, ApiKey>, value: string): void {
  checkRoom(apiKeys);
  checkValue(value);
  if (keyByValue(apiKeys, value)) throw conflict('API Key already exists');
}

/** Throws LimitExceededException where there is no room for another key. */
export function checkRoom(apiKeys: ReadonlyMap<string, ApiKey>): void {
  if (apiKeys.size >= mostKeys) throw limitExceeded();
}

/** Throws BadRequestException. */
export function checkValue(value: string): void {
  if (value.length < 20) throw badRequest('API Key value should be at least 20 characters');
  if (value.length > 128) throw badRequest('API Key value exceeds maximum size of 128 characters');
  if (!validValue.test(value)) throw badRequest('API Key value contains invalid characters');
}

function limitExceeded(): AwsError {
  return new AwsError(
    'LimitExceededException',
    `Maximum number of API keys for this account has been reached: ${mostKeys}`,
  );
}
