import type {
  CreateRestApiCommandInput,
  CreateRestApiCommandOutput,
  DeleteRestApiCommandInput,
  DeleteRestApiCommandOutput,
  GetRestApiCommandInput,
  GetRestApiCommandOutput,
  GetRestApisCommandInput,
  GetRestApisCommandOutput,
  RestApi,
  UpdateRestApiCommandInput,
  UpdateRestApiCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { between, oneOf } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { invalidateAuthorizerCache } from './data-plane/authorizer-cache.ts';
import { badRequest, found, validate } from './errors.ts';
import { builtInModels } from './models.ts';
import { page } from './page.ts';
import { flag, numberOf, type PatchRule, patched, takeOver, text } from './patch.ts';
import { checkedPolicy } from './resource-policy.ts';
import { type Api, newId, stateOf } from './state.ts';

export const createRestApi = operation<CreateRestApiCommandInput, CreateRestApiCommandOutput>({
  run(input, call) {
    if (!input.name?.trim()) throw badRequest('API name cannot be blank');
    checkSettings(input);
    const { cloneFrom, policy, binaryMediaTypes, ...given } = input;
    const origin = cloneFrom === undefined ? undefined : found(stateOf(call).apis, cloneFrom, 'RestApi');
    const rootResourceId = origin?.rootResourceId ?? newId(10);
    const id = newId(10);
    const settings: RestApi = {
      ...given,
      id,
      createdDate: new Date(call.cloud.clock.now()),
      apiKeySource: input.apiKeySource ?? 'HEADER',
      endpointConfiguration: input.endpointConfiguration ?? { types: ['EDGE'] },
      disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
      rootResourceId,
      tags: input.tags ?? {},
      ...(binaryMediaTypes && { binaryMediaTypes }),
      ...(policy && { policy: checkedPolicy(policy, { ...call, id }) }),
    };
    const definition = origin && structuredClone(origin);
    const api: Api = {
      id,
      account: call.account,
      region: call.region,
      rootResourceId,
      settings,
      resources:
        definition?.resources ?? new Map([[rootResourceId, { id: rootResourceId, path: '/', methods: new Map() }]]),
      authorizers: definition?.authorizers ?? new Map(),
      models: definition?.models ?? builtInModels(),
      requestValidators: definition?.requestValidators ?? new Map(),
      gatewayResponses: definition?.gatewayResponses ?? new Map(),
      deployments: new Map(),
      stages: new Map(),
    };
    stateOf(call).apis.set(id, api);
    return settings;
  },
});

export const getRestApi = operation<GetRestApiCommandInput, GetRestApiCommandOutput>({
  run: (input, call) => apiOf(input, call).settings,
});

export const getRestApis = operation<GetRestApisCommandInput, GetRestApisCommandOutput>({
  run: (input, call) =>
    page(
      [...stateOf(call).apis.values()].map(({ settings }) => settings),
      input,
    ),
});

export const updateRestApi = operation<UpdateRestApiCommandInput, UpdateRestApiCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const settings = patched(api.settings, input.patchOperations, rules);
    if (!settings.name?.trim()) throw badRequest('API name cannot be blank');
    checkSettings(settings);
    if (settings.policy !== api.settings.policy && settings.policy) {
      settings.policy = checkedPolicy(settings.policy, { ...call, id: api.id });
    }
    return takeOver(api.settings, settings);
  },
});

export const deleteRestApi = operation<DeleteRestApiCommandInput, DeleteRestApiCommandOutput>({
  run(input, call) {
    const state = stateOf(call);
    const { id } = apiOf(input, call);
    const plan = [...state.usagePlans.values()].find(({ settings }) =>
      settings.apiStages?.some(({ apiId }) => apiId === id),
    );
    if (plan) {
      throw badRequest(
        `Cannot delete API '${id}': its stages are associated with usage plan '${plan.settings.id}'. Remove them from the plan first.`,
      );
    }
    state.apis.delete(id);
    invalidateAuthorizerCache(call.cloud, id);
    return {};
  },
});

/** The API an input names. Throws NotFoundException. */
export function apiOf({ restApiId }: { restApiId: string | undefined }, call: Call): Api {
  return found(stateOf(call).apis, restApiId, 'RestApi');
}

/** "Amazon API Gateway quotas": a payload may be compressed from 0 bytes to 10 MB on. */
const largestPayload = 10_485_760;

function checkSettings(settings: RestApi | CreateRestApiCommandInput): void {
  validate(
    oneOf('apiKeySource', settings.apiKeySource, ['HEADER', 'AUTHORIZER']),
    between('minimumCompressionSize', settings.minimumCompressionSize, 0, largestPayload),
    ...(settings.endpointConfiguration?.types ?? []).map((type) =>
      oneOf('endpointConfiguration.types', type, ['EDGE', 'REGIONAL', 'PRIVATE']),
    ),
  );
}

const rules: readonly PatchRule<RestApi>[] = [
  text<RestApi>('/name', 'name'),
  text<RestApi>('/description', 'description'),
  text<RestApi>('/apiKeySource', 'apiKeySource'),
  text<RestApi>('/policy', 'policy', ['replace', 'remove']),
  flag<RestApi>('/disableExecuteApiEndpoint', 'disableExecuteApiEndpoint'),
  {
    path: '/minimumCompressionSize',
    ops: ['replace', 'remove'],
    apply(target, value, _, op) {
      target.minimumCompressionSize = op === 'remove' || value === '' ? undefined : numberOf(value);
    },
  },
  {
    path: '/binaryMediaTypes/{type}',
    ops: ['add', 'replace', 'remove'],
    apply(target, value, [type = ''], op) {
      const others = (target.binaryMediaTypes ?? []).filter((one) => one !== type);
      target.binaryMediaTypes = op === 'remove' ? others : [...others, op === 'replace' && value ? value : type];
    },
  },
  {
    path: '/endpointConfiguration/types/{type}',
    ops: ['replace'],
    apply(target, value) {
      target.endpointConfiguration = {
        ...target.endpointConfiguration,
        types: [value as 'EDGE' | 'REGIONAL' | 'PRIVATE'],
      };
    },
  },
];
