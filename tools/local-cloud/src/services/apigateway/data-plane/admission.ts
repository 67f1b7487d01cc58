import type { ApiKey } from '@aws-sdk/client-api-gateway';
import { accountThrottle } from '../account.ts';
import { keyByValue } from '../key-by-value.ts';
import { consume, remaining } from '../quota.ts';
import { apiGatewayState, type KeyUsage, type Plan } from '../state.ts';
import { GatewayError } from './gateway-error.ts';
import { type GatewayRequest, headerOf } from './gateway-request.ts';
import { methodSetting } from './method-settings.ts';
import { type Limits, takeTokens } from './throttle.ts';

/**
 * API key, quota and throttling, in AWS's order ("Throttle requests to your REST APIs for better throughput"): limits of the key in
 * its usage plan, of the method in the stage, of the account. A request that is turned away takes nothing from any of them.
 *
 * Throws INVALID_API_KEY, QUOTA_EXCEEDED and THROTTLED.
 */
export function admit(request: GatewayRequest): void {
  const subscription = request.route?.method.apiKeyRequired ? subscriptionOf(request) : undefined;
  const now = request.cloud.clock.now();
  if (subscription && remaining(subscription.plan, subscription.usage, now) === 0) throw limitExceeded();
  const wanted = [
    ...(subscription ? [planLimits(request, subscription)] : []),
    stageLimits(request),
    { name: `account ${request.api.account} ${request.api.region}`, limits: accountThrottle },
  ];
  if (!takeTokens(request.cloud, wanted)) throw new GatewayError('THROTTLED', 'Too Many Requests');
  if (subscription && !consume(subscription.plan, subscription.usage, now)) throw limitExceeded();
}

interface Subscription {
  readonly key: ApiKey;
  readonly plan: Plan;
  readonly usage: KeyUsage;
}

/** The key's plan for this stage. Throws INVALID_API_KEY for a key that is missing, unknown, disabled or in no such plan. */
function subscriptionOf(request: GatewayRequest): Subscription {
  const { cloud, api, definition, stage } = request;
  const { apiKeys, usagePlans } = apiGatewayState(cloud, api.account, api.region);
  const value =
    definition.settings.apiKeySource === 'AUTHORIZER' ? request.usageIdentifierKey : headerOf(request, 'x-api-key');
  const key = value === undefined ? undefined : keyByValue(apiKeys, value);
  if (!key?.enabled) throw new GatewayError('INVALID_API_KEY', 'Forbidden');
  request.apiKey = { id: key.id ?? '', value: key.value ?? '' };
  for (const plan of usagePlans.values()) {
    const usage = plan.keys.get(key.id ?? '');
    const isPlanned = plan.settings.apiStages?.some((one) => one.apiId === api.id && one.stage === stage.stageName);
    if (usage && isPlanned) return { key, plan, usage };
  }
  throw new GatewayError('INVALID_API_KEY', 'Forbidden');
}

/** A plan's limit of one method takes the place of the plan's own. */
function planLimits(
  { api, stage, route, raw }: GatewayRequest,
  { key, plan }: Subscription,
): { name: string; limits: Limits } {
  const { id, throttle = {}, apiStages } = plan.settings;
  const own = apiStages?.find((one) => one.apiId === api.id && one.stage === stage.stageName)?.throttle ?? {};
  const paths = [raw.method, route?.method.httpMethod].map((method) => `${route?.resource.path}/${method}`);
  const path = paths.find((one) => own[one] !== undefined);
  if (path === undefined) return { name: `plan ${id} ${key.id}`, limits: throttle };
  return { name: `plan ${id} ${key.id} ${api.id} ${stage.stageName} ${path}`, limits: own[path] ?? {} };
}

/** The stage's setting for a method, or for all of them, counts for each method alone. */
function stageLimits(request: GatewayRequest): { name: string; limits: Limits } {
  const { api, stage, route, raw } = request;
  return {
    name: `stage ${api.id} ${stage.stageName} ${route?.resource.path}/${raw.method}`,
    limits: {
      rateLimit: methodSetting(request, 'throttlingRateLimit'),
      burstLimit: methodSetting(request, 'throttlingBurstLimit'),
    },
  };
}

function limitExceeded(): GatewayError {
  return new GatewayError('QUOTA_EXCEEDED', 'Limit Exceeded');
}
