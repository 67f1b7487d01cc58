import type {
  DeleteMethodCommandInput,
  DeleteMethodCommandOutput,
  DeleteMethodResponseCommandInput,
  DeleteMethodResponseCommandOutput,
  GetMethodCommandInput,
  GetMethodCommandOutput,
  GetMethodResponseCommandInput,
  GetMethodResponseCommandOutput,
  Method,
  MethodResponse,
  PutMethodCommandInput,
  PutMethodCommandOutput,
  PutMethodResponseCommandInput,
  PutMethodResponseCommandOutput,
  UpdateMethodCommandInput,
  UpdateMethodCommandOutput,
  UpdateMethodResponseCommandInput,
  UpdateMethodResponseCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { matches, oneOf } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { badRequest, conflict, found, validate } from './errors.ts';
import { flag, flagMap, type PatchRule, patched, takeOver, text, textMap } from './patch.ts';
import { resourceOf } from './resources.ts';
import type { Api } from './state.ts';

const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY'];

export const putMethod = operation<PutMethodCommandInput, PutMethodCommandOutput>({
  run(input, call) {
    const { api, resource } = resourceOf(input, call);
    const { restApiId: _api, resourceId: _resource, ...given } = input;
    const method: Method = { ...given, apiKeyRequired: input.apiKeyRequired ?? false };
    checkMethod(api, method);
    const httpMethod = input.httpMethod ?? '';
    if (resource.methods.has(httpMethod)) throw conflict('Method already exists for this resource');
    resource.methods.set(httpMethod, method);
    return method;
  },
});

export const getMethod = operation<GetMethodCommandInput, GetMethodCommandOutput>({
  run: (input, call) => methodOf(input, call).method,
});

export const updateMethod = operation<UpdateMethodCommandInput, UpdateMethodCommandOutput>({
  run(input, call) {
    const { api, method } = methodOf(input, call);
    const after = patched(method, input.patchOperations, rules);
    checkMethod(api, after);
    return takeOver(method, after);
  },
});

export const deleteMethod = operation<DeleteMethodCommandInput, DeleteMethodCommandOutput>({
  run(input, call) {
    methodOf(input, call);
    resourceOf(input, call).resource.methods.delete(input.httpMethod ?? '');
    return {};
  },
});

export const putMethodResponse = operation<PutMethodResponseCommandInput, PutMethodResponseCommandOutput>({
  run(input, call) {
    const { method } = methodOf(input, call);
    const { statusCode = '', responseParameters, responseModels } = input;
    validate(matches('statusCode', statusCode, '[1-5]\\d\\d'));
    if (method.methodResponses?.[statusCode]) throw conflict('Response already exists for this resource');
    const response: MethodResponse = {
      statusCode,
      ...(responseParameters && { responseParameters }),
      ...(responseModels && { responseModels }),
    };
    method.methodResponses = { ...method.methodResponses, [statusCode]: response };
    return response;
  },
});

export const getMethodResponse = operation<GetMethodResponseCommandInput, GetMethodResponseCommandOutput>({
  run(input, call) {
    const { method } = methodOf(input, call);
    return found(new Map(Object.entries(method.methodResponses ?? {})), input.statusCode, 'Response');
  },
});

export const updateMethodResponse = operation<UpdateMethodResponseCommandInput, UpdateMethodResponseCommandOutput>({
  run(input, call) {
    const { method } = methodOf(input, call);
    const response = found(new Map(Object.entries(method.methodResponses ?? {})), input.statusCode, 'Response');
    const after = patched(response, input.patchOperations, [
      textMap<MethodResponse>('/responseModels', 'responseModels'),
      flagMap<MethodResponse>('/responseParameters', 'responseParameters'),
    ]);
    return takeOver(response, after);
  },
});

export const deleteMethodResponse = operation<DeleteMethodResponseCommandInput, DeleteMethodResponseCommandOutput>({
  run(input, call) {
    const { method } = methodOf(input, call);
    const responses = { ...method.methodResponses };
    found(new Map(Object.entries(responses)), input.statusCode, 'Response');
    delete responses[input.statusCode ?? ''];
    method.methodResponses = responses;
    return {};
  },
});

interface MethodInput {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string | undefined;
}

/** The method an input names. Throws NotFoundException. */
export function methodOf(input: MethodInput, call: Call): { api: Api; method: Method } {
  const { api, resource } = resourceOf(input, call);
  return { api, method: found(resource.methods, input.httpMethod, 'Method') };
}

function checkMethod(api: Api, method: Method): void {
  const { authorizationType, authorizerId, requestValidatorId } = method;
  if (!httpMethods.includes(method.httpMethod ?? '')) {
    throw badRequest('Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY');
  }
  validate(
    oneOf('authorizationType', authorizationType, ['NONE', 'AWS_IAM', 'CUSTOM', 'COGNITO_USER_POOLS']),
    ...Object.keys(method.requestParameters ?? {}).map((name) =>
      matches('requestParameters', name, 'method\\.request\\.(header|querystring|path)\\.[\\w.$-]+'),
    ),
  );
  if (authorizationType === 'CUSTOM' || authorizationType === 'COGNITO_USER_POOLS') {
    const authorizer = api.authorizers.get(authorizerId ?? '');
    const isPool = authorizer?.type === 'COGNITO_USER_POOLS';
    if (!authorizer || isPool !== (authorizationType === 'COGNITO_USER_POOLS')) {
      throw badRequest(
        'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
      );
    }
  }
  if (requestValidatorId && !api.requestValidators.has(requestValidatorId)) {
    throw badRequest('Invalid Request Validator identifier specified');
  }
  const missing = Object.values(method.requestModels ?? {}).find((name) => !api.models.has(name));
  if (missing !== undefined) throw badRequest(`Invalid model identifier specified: ${missing}`);
}

const rules: readonly PatchRule<Method>[] = [
  text<Method>('/authorizationType', 'authorizationType'),
  text<Method>('/authorizerId', 'authorizerId'),
  text<Method>('/operationName', 'operationName'),
  text<Method>('/requestValidatorId', 'requestValidatorId'),
  flag<Method>('/apiKeyRequired', 'apiKeyRequired'),
  textMap<Method>('/requestModels', 'requestModels'),
  flagMap<Method>('/requestParameters', 'requestParameters'),
];
