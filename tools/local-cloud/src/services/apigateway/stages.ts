import type {
  CreateStageCommandInput,
  CreateStageCommandOutput,
  DeleteStageCommandInput,
  DeleteStageCommandOutput,
  FlushStageAuthorizersCacheCommandInput,
  FlushStageAuthorizersCacheCommandOutput,
  GetStageCommandInput,
  GetStageCommandOutput,
  GetStagesCommandInput,
  GetStagesCommandOutput,
  MethodSetting,
  Stage,
  UpdateStageCommandInput,
  UpdateStageCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { type Call, operation } from '../../service.ts';
import { invalidateAuthorizerCache } from './data-plane/authorizer-cache.ts';
import { badRequest, conflict, found, unsupported } from './errors.ts';
import { booleanOf, escaped, flag, numberOf, type PatchRule, patched, takeOver, text, textMap } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { type Api, type ApiGatewayState, stateOf } from './state.ts';

export const createStage = operation<CreateStageCommandInput, CreateStageCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    found(api.deployments, input.deploymentId, 'Deployment');
    if (input.canarySettings) throw unsupported('canary deployments (canarySettings)');
    if (api.stages.has(input.stageName ?? '')) throw conflict('Stage already exists');
    const { restApiId: _api, canarySettings: _canary, ...given } = input;
    const stage = newStage(given, new Date(call.cloud.clock.now()));
    api.stages.set(stage.stageName as string, stage);
    return stage;
  },
});

export const getStage = operation<GetStageCommandInput, GetStageCommandOutput>({
  run: (input, call) => stageOf(input, call).stage,
});

export const getStages = operation<GetStagesCommandInput, GetStagesCommandOutput>({
  run(input, call) {
    const all = [...apiOf(input, call).stages.values()];
    return {
      item: all.filter((stage) => input.deploymentId === undefined || stage.deploymentId === input.deploymentId),
    };
  },
});

export const updateStage = operation<UpdateStageCommandInput, UpdateStageCommandOutput>({
  run(input, call) {
    const { api, stage } = stageOf(input, call);
    const after = patched(stage, input.patchOperations, rules);
    if (after.deploymentId !== stage.deploymentId) found(api.deployments, after.deploymentId, 'Deployment');
    checkStage(after);
    checkLogs(after, stateOf(call));
    // What the authorizers of another deployment said is not asked again of this one's.
    if (after.deploymentId !== stage.deploymentId) invalidateAuthorizerCache(call.cloud, api.id, stage.stageName);
    return takeOver(stage, { ...after, lastUpdatedDate: new Date(call.cloud.clock.now()) });
  },
});

export const deleteStage = operation<DeleteStageCommandInput, DeleteStageCommandOutput>({
  run(input, call) {
    const { api, stage } = stageOf(input, call);
    const name = stage.stageName as string;
    for (const { settings } of stateOf(call).usagePlans.values()) {
      settings.apiStages = settings.apiStages?.filter((one) => one.apiId !== api.id || one.stage !== name);
    }
    api.stages.delete(name);
    invalidateAuthorizerCache(call.cloud, api.id, name);
    return {};
  },
});

export const flushStageAuthorizersCache = operation<
  FlushStageAuthorizersCacheCommandInput,
  FlushStageAuthorizersCacheCommandOutput
>({
  run(input, call) {
    const { api, stage } = stageOf(input, call);
    invalidateAuthorizerCache(call.cloud, api.id, stage.stageName);
    return {};
  },
});

/** A stage as it is made. Throws BadRequestException. */
export function newStage(given: Stage, now: Date): Stage {
  const stage: Stage = {
    ...given,
    cacheClusterEnabled: given.cacheClusterEnabled ?? false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    methodSettings: {},
    tracingEnabled: given.tracingEnabled ?? false,
    createdDate: now,
    lastUpdatedDate: now,
  };
  checkStage(stage);
  return stage;
}

function stageOf(
  input: { restApiId: string | undefined; stageName: string | undefined },
  call: Call,
): { api: Api; stage: Stage } {
  const api = apiOf(input, call);
  return { api, stage: found(api.stages, input.stageName, 'Stage') };
}

/** "CreateStage": names and what a stage variable may hold ("Stage variables reference"). */
function checkStage({ stageName = '', variables = {}, cacheClusterEnabled, methodSettings = {} }: Stage): void {
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  for (const [name, value] of Object.entries(variables)) {
    if (!/^\w+$/.test(name))
      throw badRequest(`Invalid stage variable name: ${name}. Please use only letters, numbers and underscores.`);
    if (!/^[A-Za-z0-9\-._~:/?#&=,]*$/.test(value)) {
      throw badRequest(
        `Invalid stage variable value: ${value}. Please use values with letters, numbers, and the following characters: -._~:/?#&=,`,
      );
    }
  }
  const caching = Object.values(methodSettings).some(({ cachingEnabled }) => cachingEnabled);
  if (cacheClusterEnabled || caching) throw unsupported('cache of responses (cacheClusterEnabled, cachingEnabled)');
}

/** "Set up CloudWatch logging for REST APIs in API Gateway": it writes with the account's role, to a log group. */
function checkLogs({ accessLogSettings, methodSettings = {} }: Stage, { cloudwatchRoleArn }: ApiGatewayState): void {
  const { destinationArn, format } = accessLogSettings ?? {};
  const executionLogs = Object.values(methodSettings).some(({ loggingLevel = 'OFF' }) => loggingLevel !== 'OFF');
  if ((destinationArn || executionLogs) && !cloudwatchRoleArn) {
    throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
  }
  if (destinationArn && !destinationArn.includes(':log-group:')) {
    throw unsupported('access logs to anything but a log group of CloudWatch Logs');
  }
  if (format && !/\$context\.(requestId|extendedRequestId)/.test(format)) {
    throw badRequest('Access Log format must contain at least one of $context.requestId or $context.extendedRequestId');
  }
}

type Settings = Pick<
  MethodSetting,
  | 'metricsEnabled'
  | 'loggingLevel'
  | 'dataTraceEnabled'
  | 'throttlingBurstLimit'
  | 'throttlingRateLimit'
  | 'cachingEnabled'
>;

/** "Stage: Patch Operations": `/*` stands for all resources, `*` for all methods. */
function methodSetting<Name extends keyof Settings>(
  path: string,
  name: Name,
  read: (value: string | undefined) => Settings[Name],
): PatchRule<Stage> {
  return {
    path: `/{resource}/{method}/${path}`,
    ops: ['replace'],
    apply(target, value, [resource = '', method = '']) {
      const key = `${escaped(resource)}/${method}`;
      const before = target.methodSettings?.[key] ?? defaultMethodSettings;
      target.methodSettings = { ...target.methodSettings, [key]: { ...before, [name]: read(value) } };
    },
  };
}

const defaultMethodSettings: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  loggingLevel: 'OFF',
  throttlingBurstLimit: -1,
  throttlingRateLimit: -1,
  cachingEnabled: false,
};

const rules: readonly PatchRule<Stage>[] = [
  text<Stage>('/deploymentId', 'deploymentId'),
  text<Stage>('/description', 'description'),
  flag<Stage>('/tracingEnabled', 'tracingEnabled'),
  flag<Stage>('/cacheClusterEnabled', 'cacheClusterEnabled'),
  textMap<Stage>('/variables', 'variables'),
  {
    path: '/accessLogSettings/{member}',
    ops: ['replace', 'add'],
    apply(target, value, [member]) {
      if (member !== 'destinationArn' && member !== 'format')
        throw badRequest(`Invalid patch path '/accessLogSettings/${member}'`);
      target.accessLogSettings = { ...target.accessLogSettings, [member]: value };
    },
  },
  {
    path: '/accessLogSettings',
    ops: ['remove'],
    apply: (target) => {
      target.accessLogSettings = undefined;
    },
  },
  methodSetting('throttling/rateLimit', 'throttlingRateLimit', numberOf),
  methodSetting('throttling/burstLimit', 'throttlingBurstLimit', numberOf),
  methodSetting('metrics/enabled', 'metricsEnabled', booleanOf),
  methodSetting('logging/loglevel', 'loggingLevel', (value) => value),
  methodSetting('logging/dataTrace', 'dataTraceEnabled', booleanOf),
  methodSetting('caching/enabled', 'cachingEnabled', booleanOf),
  {
    path: '/{resource}/{method}',
    ops: ['remove'],
    apply(target, _, [resource = '', method = '']) {
      const settings = { ...target.methodSettings };
      delete settings[`${escaped(resource)}/${method}`];
      target.methodSettings = settings;
    },
  },
];
