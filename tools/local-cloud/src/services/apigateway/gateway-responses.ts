import type {
  DeleteGatewayResponseCommandInput,
  DeleteGatewayResponseCommandOutput,
  GatewayResponse,
  GatewayResponseType,
  GetGatewayResponseCommandInput,
  GetGatewayResponseCommandOutput,
  GetGatewayResponsesCommandInput,
  GetGatewayResponsesCommandOutput,
  PutGatewayResponseCommandInput,
  PutGatewayResponseCommandOutput,
  UpdateGatewayResponseCommandInput,
  UpdateGatewayResponseCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { matches, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { notFound, validate } from './errors.ts';
import { patched, text, textMap } from './patch.ts';
import { apiOf } from './rest-apis.ts';

/** "Gateway response types for API Gateway": each type with the status it has unless it is changed. */
export const defaultStatuses: Readonly<Record<GatewayResponseType, string | undefined>> = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

/** What every response says unless it is changed. */
const defaultTemplates = { 'application/json': '{"message":$context.error.messageString}' };

export const putGatewayResponse = operation<PutGatewayResponseCommandInput, PutGatewayResponseCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const { restApiId: _api, ...given } = input;
    const response: GatewayResponse = { ...given, defaultResponse: false };
    check(response);
    api.gatewayResponses.set(input.responseType ?? '', response);
    return response;
  },
});

export const getGatewayResponse = operation<GetGatewayResponseCommandInput, GetGatewayResponseCommandOutput>({
  run(input, call) {
    check(input);
    return responseOf(apiOf(input, call).gatewayResponses, input.responseType as GatewayResponseType);
  },
});

export const getGatewayResponses = operation<GetGatewayResponsesCommandInput, GetGatewayResponsesCommandOutput>({
  run(input, call) {
    const { gatewayResponses } = apiOf(input, call);
    const types = Object.keys(defaultStatuses) as GatewayResponseType[];
    return { items: types.map((type) => responseOf(gatewayResponses, type)) };
  },
});

export const updateGatewayResponse = operation<UpdateGatewayResponseCommandInput, UpdateGatewayResponseCommandOutput>({
  run(input, call) {
    check(input);
    const { gatewayResponses } = apiOf(input, call);
    const before = responseOf(gatewayResponses, input.responseType as GatewayResponseType);
    const after = patched({ ...before, defaultResponse: false }, input.patchOperations, [
      text<GatewayResponse>('/statusCode', 'statusCode'),
      textMap<GatewayResponse>('/responseParameters', 'responseParameters'),
      textMap<GatewayResponse>('/responseTemplates', 'responseTemplates'),
    ]);
    check(after);
    gatewayResponses.set(input.responseType ?? '', after);
    return after;
  },
});

export const deleteGatewayResponse = operation<DeleteGatewayResponseCommandInput, DeleteGatewayResponseCommandOutput>({
  run(input, call) {
    check(input);
    const { gatewayResponses } = apiOf(input, call);
    if (!gatewayResponses.delete(input.responseType ?? '')) throw notFound('Gateway response type not defined on api');
    return {};
  },
});

function responseOf(changed: ReadonlyMap<string, GatewayResponse>, type: GatewayResponseType): GatewayResponse {
  const statusCode = defaultStatuses[type];
  const unchanged: GatewayResponse = {
    responseType: type,
    ...(statusCode && { statusCode }),
    responseParameters: {},
    responseTemplates: defaultTemplates,
    defaultResponse: true,
  };
  return { ...unchanged, ...changed.get(type) };
}

function check({
  responseType,
  statusCode,
}: {
  responseType?: string | undefined;
  statusCode?: string | undefined;
}): void {
  validate(
    oneOf('responseType', responseType, Object.keys(defaultStatuses)),
    matches('statusCode', statusCode, '[1-5]\\d\\d'),
  );
}
