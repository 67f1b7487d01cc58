import type {
  Authorizer,
  CreateAuthorizerCommandInput,
  CreateAuthorizerCommandOutput,
  DeleteAuthorizerCommandInput,
  DeleteAuthorizerCommandOutput,
  GetAuthorizerCommandInput,
  GetAuthorizerCommandOutput,
  GetAuthorizersCommandInput,
  GetAuthorizersCommandOutput,
  UpdateAuthorizerCommandInput,
  UpdateAuthorizerCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { badRequest, conflict, found, validate } from './errors.ts';
import { page } from './page.ts';
import { number, type PatchRule, patched, takeOver, text } from './patch.ts';
import { apiOf } from './rest-apis.ts';
import { newId } from './state.ts';

export const createAuthorizer = operation<CreateAuthorizerCommandInput, CreateAuthorizerCommandOutput>({
  run(input, call) {
    const { authorizers } = apiOf(input, call);
    const { restApiId: _api, ...given } = input;
    const authorizer: Authorizer = {
      ...given,
      id: newId(6),
      authType: input.authType ?? (input.type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
      ...(input.type !== 'COGNITO_USER_POOLS' && {
        authorizerResultTtlInSeconds: input.authorizerResultTtlInSeconds ?? 300,
      }),
    };
    checkAuthorizer(authorizer);
    if ([...authorizers.values()].some(({ name }) => name === input.name)) {
      throw conflict(`Authorizer name must be unique. Authorizer ${input.name} already exists in this RestApi.`);
    }
    authorizers.set(authorizer.id as string, authorizer);
    return authorizer;
  },
});

export const getAuthorizer = operation<GetAuthorizerCommandInput, GetAuthorizerCommandOutput>({
  run: (input, call) => found(apiOf(input, call).authorizers, input.authorizerId, 'Authorizer'),
});

export const getAuthorizers = operation<GetAuthorizersCommandInput, GetAuthorizersCommandOutput>({
  run: (input, call) => page([...apiOf(input, call).authorizers.values()], input),
});

export const updateAuthorizer = operation<UpdateAuthorizerCommandInput, UpdateAuthorizerCommandOutput>({
  run(input, call) {
    const authorizer = found(apiOf(input, call).authorizers, input.authorizerId, 'Authorizer');
    const after = patched(authorizer, input.patchOperations, rules);
    checkAuthorizer(after);
    return takeOver(authorizer, after);
  },
});

export const deleteAuthorizer = operation<DeleteAuthorizerCommandInput, DeleteAuthorizerCommandOutput>({
  run(input, call) {
    const api = apiOf(input, call);
    const { id = '' } = found(api.authorizers, input.authorizerId, 'Authorizer');
    const methods = [...api.resources.values()].flatMap(({ methods }) => [...methods.values()]);
    if (methods.some(({ authorizerId }) => authorizerId === id)) {
      throw conflict(`Cannot delete authorizer '${id}', is referenced in method`);
    }
    api.authorizers.delete(id);
    return {};
  },
});

const rules: readonly PatchRule<Authorizer>[] = [
  text<Authorizer>('/name', 'name'),
  text<Authorizer>('/authorizerUri', 'authorizerUri'),
  text<Authorizer>('/authorizerCredentials', 'authorizerCredentials', ['replace', 'remove']),
  text<Authorizer>('/identitySource', 'identitySource'),
  text<Authorizer>('/identityValidationExpression', 'identityValidationExpression', ['replace', 'remove']),
  number<Authorizer>('/authorizerResultTtlInSeconds', 'authorizerResultTtlInSeconds'),
  {
    path: '/providerARNs',
    ops: ['add', 'remove'],
    apply(target, value = '', _, op) {
      const others = (target.providerARNs ?? []).filter((arn) => arn !== value);
      target.providerARNs = op === 'remove' ? others : [...others, value];
    },
  },
];

/** "CreateAuthorizer", Amazon API Gateway API Reference. */
function checkAuthorizer(authorizer: Authorizer): void {
  const { type, identitySource, authorizerResultTtlInSeconds: ttl = 0 } = authorizer;
  validate(oneOf('type', type, ['TOKEN', 'REQUEST', 'COGNITO_USER_POOLS']));
  if (ttl < 0 || ttl > 3600) throw badRequest('Authorizer result TTL must be between 0 and 3600 seconds');
  if (type === 'COGNITO_USER_POOLS') {
    if (!authorizer.providerARNs?.length)
      throw badRequest('Authorizer of type COGNITO_USER_POOLS requires provider ARNs');
    return;
  }
  if (
    !/^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/.+\/invocations$/.test(
      authorizer.authorizerUri ?? '',
    )
  ) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizer.authorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  const sources = (identitySource ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
  const wrong = sources.find(
    (one) => !/^(method\.request\.(header|querystring)\.[\w.-]+|stageVariables\.\w+|context\.[\w.]+)$/.test(one),
  );
  if (wrong !== undefined) throw badRequest(`Invalid Authorizer identity source: ${wrong}`);
  if (type === 'TOKEN') {
    if (!sources[0]?.startsWith('method.request.header.') || sources.length > 1) {
      throw badRequest('Authorizer of type TOKEN requires one header as its identity source: method.request.header.…');
    }
    try {
      new RegExp(authorizer.identityValidationExpression ?? '');
    } catch {
      throw badRequest(`Invalid identity validation expression specified: ${authorizer.identityValidationExpression}`);
    }
  }
  if (type === 'REQUEST' && ttl > 0 && sources.length === 0) {
    throw badRequest('Identity sources are required when caching is enabled (authorizerResultTtlInSeconds above 0)');
  }
}
