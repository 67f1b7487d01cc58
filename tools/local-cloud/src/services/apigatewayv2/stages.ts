import type {
  CreateStageCommandInput,
  CreateStageCommandOutput,
  DeleteAccessLogSettingsCommandInput,
  DeleteAccessLogSettingsCommandOutput,
  DeleteRouteSettingsCommandInput,
  DeleteRouteSettingsCommandOutput,
  DeleteStageCommandInput,
  DeleteStageCommandOutput,
  GetStageCommandInput,
  GetStageCommandOutput,
  GetStagesCommandInput,
  GetStagesCommandOutput,
  Stage,
  UpdateStageCommandInput,
  UpdateStageCommandOutput,
} from '@aws-sdk/client-apigatewayv2';
import { type Call, operation } from '../../service.ts';
import { invalidateAuthorizerCache } from '../apigateway/data-plane/authorizer-cache.ts';
import { badRequest, conflict, found, notFound } from '../apigateway/errors.ts';
import { deployChange } from './deployments.ts';
import { list } from './list.ts';
import { type HttpApi, httpApiOf } from './state.ts';

export const createStage = operation<CreateStageCommandInput, CreateStageCommandOutput>({
  run(input, call) {
    const api = httpApiOf(input, call);
    const { ApiId: _api, ...given } = input;
    const now = new Date(call.cloud.clock.now());
    const stage: Stage = {
      ...given,
      StageName: input.StageName,
      AutoDeploy: input.AutoDeploy ?? false,
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ...input.DefaultRouteSettings },
      RouteSettings: input.RouteSettings ?? {},
      StageVariables: input.StageVariables ?? {},
      CreatedDate: now,
      LastUpdatedDate: now,
      Tags: input.Tags ?? {},
    };
    checkStage(stage, api);
    if (api.stages.has(input.StageName ?? '')) throw conflict('Stage already exists');
    api.stages.set(input.StageName ?? '', stage);
    deployChange(api, call);
    return stage;
  },
});

export const getStage = operation<GetStageCommandInput, GetStageCommandOutput>({
  run: (input, call) => stageOf(input, call),
});

export const getStages = operation<GetStagesCommandInput, GetStagesCommandOutput>({
  run: (input, call) => list([...httpApiOf(input, call).stages.values()], input),
});

export const updateStage = operation<UpdateStageCommandInput, UpdateStageCommandOutput>({
  run(input, call) {
    const api = httpApiOf(input, call);
    const stage = stageOf(input, call);
    const { ApiId: _api, StageName: _stage, ...given } = input;
    const RouteSettings = { ...stage.RouteSettings, ...input.RouteSettings };
    const after = { ...stage, ...given, RouteSettings, LastUpdatedDate: new Date(call.cloud.clock.now()) };
    checkStage(after, api, input.DeploymentId);
    Object.assign(stage, after);
    deployChange(api, call);
    return stage;
  },
});

export const deleteStage = operation<DeleteStageCommandInput, DeleteStageCommandOutput>({
  run(input, call) {
    const { id, stages } = httpApiOf(input, call);
    stages.delete(stageOf(input, call).StageName ?? '');
    invalidateAuthorizerCache(call.cloud, id, input.StageName);
    return {};
  },
});

export const deleteAccessLogSettings = operation<
  DeleteAccessLogSettingsCommandInput,
  DeleteAccessLogSettingsCommandOutput
>({
  run(input, call) {
    stageOf(input, call).AccessLogSettings = undefined;
    return {};
  },
});

export const deleteRouteSettings = operation<DeleteRouteSettingsCommandInput, DeleteRouteSettingsCommandOutput>({
  run(input, call) {
    const stage = stageOf(input, call);
    const { [input.RouteKey ?? '']: removed, ...rest } = stage.RouteSettings ?? {};
    if (!removed) throw notFound(`Stage ${input.StageName} has no settings for route ${input.RouteKey}`);
    stage.RouteSettings = rest;
    return {};
  },
});

function stageOf(input: { ApiId: string | undefined; StageName: string | undefined }, call: Call): Stage {
  return found(httpApiOf(input, call).stages, input.StageName, 'Stage');
}

function checkStage(stage: Stage, { deployments, routes }: HttpApi, given = stage.DeploymentId): void {
  const { StageName = '', AutoDeploy, RouteSettings = {} } = stage;
  if (!/^(\$default|[\w-]{1,128})$/.test(StageName))
    throw badRequest('Stage name only allows a-zA-Z0-9_- and $default');
  if (AutoDeploy && given !== undefined)
    throw badRequest('Deployment ID cannot be set on stage with AutoDeploy enabled');
  if (!AutoDeploy && given !== undefined) found(deployments, given, 'Deployment');
  const keys = new Set([...routes.values()].map(({ RouteKey }) => RouteKey));
  const unknown = Object.keys(RouteSettings).find((key) => !keys.has(key));
  if (unknown !== undefined) throw notFound(`Unable to find Route by key ${unknown} within the provided RouteSettings`);
  const { DestinationArn, Format } = stage.AccessLogSettings ?? {};
  if (DestinationArn && !DestinationArn.includes(':log-group:')) {
    throw badRequest(`Invalid destination ARN of access logs: ${DestinationArn} is no log group of CloudWatch Logs`);
  }
  if (Format && !/\$context\.(requestId|extendedRequestId)/.test(Format)) {
    throw badRequest('Access Log format must contain at least one of $context.requestId or $context.extendedRequestId');
  }
}
