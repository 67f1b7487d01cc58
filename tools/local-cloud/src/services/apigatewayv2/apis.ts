import type {
  Api,
  CreateApiCommandInput,
  CreateApiCommandOutput,
  DeleteApiCommandInput,
  DeleteApiCommandOutput,
  DeleteCorsConfigurationCommandInput,
  DeleteCorsConfigurationCommandOutput,
  GetApiCommandInput,
  GetApiCommandOutput,
  GetApisCommandInput,
  GetApisCommandOutput,
  UpdateApiCommandInput,
  UpdateApiCommandOutput,
} from '@aws-sdk/client-apigatewayv2';
import { between, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { invalidateAuthorizerCache } from '../apigateway/data-plane/authorizer-cache.ts';
import { badRequest, unsupported, validate } from '../apigateway/errors.ts';
import { newId } from '../apigateway/state.ts';
import { deployChange } from './deployments.ts';
import { list } from './list.ts';
import { type HttpApi, httpApiOf, httpApiState } from './state.ts';

export const createApi = operation<CreateApiCommandInput, CreateApiCommandOutput>({
  run(input, call) {
    const { RouteKey, Target, CredentialsArn, ...given } = input;
    checkApi(given);
    if (input.ProtocolType === 'WEBSOCKET') throw unsupported('WebSocket APIs (ProtocolType WEBSOCKET)');
    if (Target ?? RouteKey ?? CredentialsArn)
      throw unsupported('quick create (Target, RouteKey, CredentialsArn): make integration, route and stage');
    const id = newId(10);
    const settings: Api = {
      ...given,
      Name: input.Name,
      ProtocolType: input.ProtocolType,
      RouteSelectionExpression: input.RouteSelectionExpression ?? '$request.method $request.path',
      ApiKeySelectionExpression: '$request.header.x-api-key',
      DisableExecuteApiEndpoint: input.DisableExecuteApiEndpoint ?? false,
      ApiId: id,
      ApiEndpoint: `https://${id}.execute-api.${call.region}.amazonaws.com`,
      CreatedDate: new Date(call.cloud.clock.now()),
      Tags: input.Tags ?? {},
    };
    const { account, region } = call;
    const api: HttpApi = {
      id,
      account,
      region,
      settings,
      routes: new Map(),
      integrations: new Map(),
      authorizers: new Map(),
      deployments: new Map(),
      stages: new Map(),
    };
    httpApiState(call.cloud, account, region).apis.set(id, api);
    return settings;
  },
});

export const getApi = operation<GetApiCommandInput, GetApiCommandOutput>({
  run: (input, call) => httpApiOf(input, call).settings,
});

export const getApis = operation<GetApisCommandInput, GetApisCommandOutput>({
  run(input, { cloud, account, region }) {
    const all = [...httpApiState(cloud, account, region).apis.values()];
    return list(
      all.map(({ settings }) => settings),
      input,
    );
  },
});

export const updateApi = operation<UpdateApiCommandInput, UpdateApiCommandOutput>({
  run(input, call) {
    const api = httpApiOf(input, call);
    const { ApiId: _id, RouteKey, Target, CredentialsArn, ...given } = input;
    if (Target ?? RouteKey ?? CredentialsArn) throw unsupported('quick create (Target, RouteKey, CredentialsArn)');
    checkApi(given);
    Object.assign(api.settings, given);
    deployChange(api, call);
    return api.settings;
  },
});

export const deleteApi = operation<DeleteApiCommandInput, DeleteApiCommandOutput>({
  run(input, call) {
    const { id } = httpApiOf(input, call);
    httpApiState(call.cloud, call.account, call.region).apis.delete(id);
    invalidateAuthorizerCache(call.cloud, id);
    return {};
  },
});

export const deleteCorsConfiguration = operation<
  DeleteCorsConfigurationCommandInput,
  DeleteCorsConfigurationCommandOutput
>({
  run(input, call) {
    const api = httpApiOf(input, call);
    api.settings.CorsConfiguration = undefined;
    deployChange(api, call);
    return {};
  },
});

function checkApi({ Name, ProtocolType, CorsConfiguration: cors }: Partial<Api>): void {
  validate(
    oneOf('protocolType', ProtocolType, ['HTTP', 'WEBSOCKET']),
    between('corsConfiguration.maxAge', cors?.MaxAge, -1, 86_400),
  );
  if (Name !== undefined && (Name.length === 0 || Name.length > 128))
    throw badRequest('Api name must have 1 to 128 characters');
  if (cors?.AllowCredentials && cors.AllowOrigins?.includes('*')) {
    throw badRequest('Origin * is not allowed with AllowCredentials as true.');
  }
}
