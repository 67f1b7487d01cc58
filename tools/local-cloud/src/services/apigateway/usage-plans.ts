import type {
  ApiStage,
  CreateUsagePlanCommandInput,
  CreateUsagePlanCommandOutput,
  DeleteUsagePlanCommandInput,
  DeleteUsagePlanCommandOutput,
  GetUsagePlanCommandInput,
  GetUsagePlanCommandOutput,
  GetUsagePlansCommandInput,
  GetUsagePlansCommandOutput,
  QuotaSettings,
  ThrottleSettings,
  UpdateUsagePlanCommandInput,
  UpdateUsagePlanCommandOutput,
  UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { oneOf } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { badRequest, conflict, found, notFound, validate } from './errors.ts';
import { page } from './page.ts';
import { numberOf, type PatchRule, patched, takeOver, text } from './patch.ts';
import { type ApiGatewayState, newId, type Plan, stateOf } from './state.ts';

export const createUsagePlan = operation<CreateUsagePlanCommandInput, CreateUsagePlanCommandOutput>({
  run(input, call) {
    const state = stateOf(call);
    const settings: UsagePlan = { ...input, id: newId(6), apiStages: input.apiStages ?? [], tags: input.tags ?? {} };
    if (input.quota) settings.quota = { offset: 0, ...input.quota };
    checkPlan(settings, state);
    state.usagePlans.set(settings.id as string, { settings, created: call.cloud.clock.now(), keys: new Map() });
    return settings;
  },
});

export const getUsagePlan = operation<GetUsagePlanCommandInput, GetUsagePlanCommandOutput>({
  run: (input, call) => planOf(input, call).settings,
});

export const getUsagePlans = operation<GetUsagePlansCommandInput, GetUsagePlansCommandOutput>({
  run(input, call) {
    const all = [...stateOf(call).usagePlans.values()];
    const wanted = all.filter(({ keys }) => input.keyId === undefined || keys.has(input.keyId));
    return page(
      wanted.map(({ settings }) => settings),
      input,
    );
  },
});

export const updateUsagePlan = operation<UpdateUsagePlanCommandInput, UpdateUsagePlanCommandOutput>({
  run(input, call) {
    const state = stateOf(call);
    const plan = planOf(input, call);
    const after = patched(plan.settings, input.patchOperations, rules);
    checkPlan(after, state);
    for (const keyId of plan.keys.keys()) checkKeyInOnePlan(state, after, keyId);
    return takeOver(plan.settings, after);
  },
});

export const deleteUsagePlan = operation<DeleteUsagePlanCommandInput, DeleteUsagePlanCommandOutput>({
  run(input, call) {
    const { settings } = planOf(input, call);
    if (settings.apiStages?.length) {
      throw badRequest(
        `Cannot delete Usage Plan ${settings.id} with associated API stages: ${settings.apiStages.map(nameOf).join(', ')}`,
      );
    }
    stateOf(call).usagePlans.delete(settings.id as string);
    return {};
  },
});

/** The plan an input names. Throws NotFoundException. */
export function planOf({ usagePlanId }: { usagePlanId: string | undefined }, call: Call): Plan {
  const plan = stateOf(call).usagePlans.get(usagePlanId ?? '');
  if (!plan) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

/** Of the plans of one stage a key may be in one only: otherwise nobody could say which limits are meant. */
export function checkKeyInOnePlan(state: ApiGatewayState, plan: UsagePlan, keyId: string): void {
  const stages = new Set(plan.apiStages?.map(nameOf));
  for (const { settings, keys } of state.usagePlans.values()) {
    if (settings.id === plan.id || !keys.has(keyId)) continue;
    const shared = settings.apiStages?.find((stage) => stages.has(nameOf(stage)));
    if (shared) {
      throw conflict(
        `API Key ${keyId} is already in usage plan ${settings.id}, which has API stage ${nameOf(shared)} too`,
      );
    }
  }
}

function nameOf({ apiId, stage }: ApiStage): string {
  return `${apiId}:${stage}`;
}

function checkPlan(plan: UsagePlan, { apis }: ApiGatewayState): void {
  if (!plan.name?.trim()) throw badRequest('Usage Plan name cannot be blank');
  checkQuota(plan.quota);
  checkThrottle(plan.throttle);
  const names = (plan.apiStages ?? []).map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badRequest(`API stage ${twice} is in the plan twice`);
  for (const { apiId, stage, throttle = {} } of plan.apiStages ?? []) {
    const api = found(apis, apiId, 'RestApi');
    if (!api.stages.has(stage ?? '')) throw notFound(`API Stage not found: ${apiId}:${stage}`);
    for (const limits of Object.values(throttle)) checkThrottle(limits);
  }
}

/** The highest offset each period takes. */
const offsets = { DAY: 0, WEEK: 6, MONTH: 27 } as const;

function checkQuota(quota: QuotaSettings | undefined): void {
  if (!quota) return;
  const { limit, period, offset = 0 } = quota;
  validate(oneOf('quota.period', period, Object.keys(offsets)));
  if (limit === undefined || limit < 1) throw badRequest('Usage Plan quota limit must be greater than zero');
  if (!period) throw badRequest('Usage Plan quota period must be specified');
  if (offset < 0 || offset > offsets[period]) {
    const allowed = period === 'DAY' ? 'zero' : `between zero and ${offsets[period]}, inclusive,`;
    throw badRequest(`Usage Plan quota offset must be ${allowed} in the ${period} period`);
  }
}

function checkThrottle(throttle: ThrottleSettings | undefined): void {
  const { rateLimit = 0, burstLimit = 0 } = throttle ?? {};
  if (rateLimit < 0 || burstLimit < 0) throw badRequest('Usage Plan throttle limits must not be negative');
}

/** "UsagePlan: Patch Operations". An API stage is named `api:stage`. */
const rules: readonly PatchRule<UsagePlan>[] = [
  text<UsagePlan>('/name', 'name'),
  text<UsagePlan>('/description', 'description'),
  text<UsagePlan>('/productCode', 'productCode', ['add', 'replace', 'remove']),
  {
    path: '/quota/{member}',
    ops: ['add', 'replace'],
    apply(target, value, [member]) {
      if (member !== 'limit' && member !== 'offset' && member !== 'period')
        throw badRequest(`Invalid patch path '/quota/${member}'`);
      target.quota = { offset: 0, ...target.quota, [member]: member === 'period' ? value : numberOf(value) };
    },
  },
  {
    path: '/quota',
    ops: ['remove'],
    apply: (target) => {
      target.quota = undefined;
    },
  },
  {
    path: '/throttle/{member}',
    ops: ['add', 'replace'],
    apply: (target, value, [member]) => {
      target.throttle = withLimit(target.throttle, member, value);
    },
  },
  {
    path: '/throttle',
    ops: ['remove'],
    apply: (target) => {
      target.throttle = undefined;
    },
  },
  {
    path: '/apiStages',
    ops: ['add', 'remove'],
    apply(target, value = '', _, op) {
      const [apiId, stage] = value.split(':');
      const others = (target.apiStages ?? []).filter((one) => nameOf(one) !== value);
      if (op === 'remove' && others.length === target.apiStages?.length)
        throw notFound(`API stage ${value} is not in the plan`);
      target.apiStages = op === 'remove' ? others : [...others, { apiId, stage }];
    },
  },
  {
    path: '/apiStages/{stage}/throttle',
    ops: ['remove', 'replace'],
    apply(target, value, [name = ''], op) {
      stageNamed(target, name).throttle = op === 'remove' ? undefined : methodThrottles(value);
    },
  },
  {
    path: '/apiStages/{stage}/throttle/{path}/{method}/{member}',
    ops: ['add', 'replace'],
    apply(target, value, [name = '', path, method, member]) {
      const stage = stageNamed(target, name);
      const key = `${path}/${method}`;
      stage.throttle = { ...stage.throttle, [key]: withLimit(stage.throttle?.[key], member, value) };
    },
  },
  {
    path: '/apiStages/{stage}/throttle/{path}/{method}',
    ops: ['remove'],
    apply(target, _, [name = '', path, method]) {
      const stage = stageNamed(target, name);
      const { [`${path}/${method}`]: _removed, ...rest } = stage.throttle ?? {};
      stage.throttle = rest;
    },
  },
];

function stageNamed(plan: UsagePlan, name: string): ApiStage {
  const stage = plan.apiStages?.find((one) => nameOf(one) === name);
  if (!stage) throw notFound(`API stage ${name} is not in the plan`);
  return stage;
}

function withLimit(
  throttle: ThrottleSettings | undefined,
  member: string | undefined,
  value: string | undefined,
): ThrottleSettings {
  if (member !== 'rateLimit' && member !== 'burstLimit') throw badRequest(`Invalid patch path '/throttle/${member}'`);
  return { ...throttle, [member]: numberOf(value) };
}

/** `{"/orders/GET":{"rateLimit":1,"burstLimit":1}}` */
function methodThrottles(value = ''): Record<string, ThrottleSettings> {
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`Invalid patch value '${value}': a map from path and method to limits is wanted, as JSON`);
  }
}
