import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { evaluate } from '../../../iam/evaluate.ts';
import type { AuthorizerAnswer } from './authorizer-answer.ts';
import { authorizerAnswer } from './authorizer-answer.ts';
import { cacheAnswer, cachedAnswer } from './authorizer-cache.ts';
import { requestContext } from './context.ts';
import { GatewayError } from './gateway-error.ts';
import { complain, type GatewayRequest, headerOf, methodArn, multiple, single } from './gateway-request.ts';
import { identityOf } from './identity-source.ts';
import { functionArnOf, invokeWithin, reasonOf, TimedOut, within } from './invoke-function.ts';
import { withStageVariables } from './stage-variables.ts';

/** "Amazon API Gateway quotas": a Lambda authorizer has as long as an integration. */
const longestAnswer = 29_000;

/**
 * Asks a TOKEN or REQUEST authorizer, or its cache ("Use API Gateway Lambda authorizers"). What is cached is the answer, not the
 * decision: its policy is evaluated for every request's own method.
 */
export async function lambdaAuthorizer(request: GatewayRequest, authorizer: Authorizer): Promise<void> {
  const { cloud, api, stage } = request;
  const identity = identityOf(request, authorizer.identitySource);
  if (!identity || !isValid(authorizer, identity)) throw unauthorized();
  const ttl = authorizer.authorizerResultTtlInSeconds ?? 300;
  const key = { api: api.id, stage: stage.stageName ?? '', authorizer: authorizer.id ?? '', identity };
  const cached = ttl > 0 ? cachedAnswer(cloud, key) : undefined;
  const began = cloud.clock.now();
  const answer = cached ?? (await ask(request, authorizer, identity[0] ?? ''));
  if (!cached) cacheAnswer(cloud, key, answer, ttl);
  checkPolicy(request, answer);
  request.authorizer = {
    ...answer.context,
    principalId: answer.principalId,
    integrationLatency: cached ? 0 : cloud.clock.now() - began,
  };
  if (answer.usageIdentifierKey !== undefined) request.usageIdentifierKey = answer.usageIdentifierKey;
}

/** A token that does not look like one is not shown to the function. */
function isValid(
  { type, identityValidationExpression: expression }: Authorizer,
  [token = '']: readonly string[],
): boolean {
  return type !== 'TOKEN' || !expression || new RegExp(`^(?:${expression})$`).test(token);
}

async function ask(request: GatewayRequest, authorizer: Authorizer, token: string): Promise<AuthorizerAnswer> {
  const { cloud, api } = request;
  const event =
    authorizer.type === 'TOKEN'
      ? { type: 'TOKEN', methodArn: methodArn(request), authorizationToken: token }
      : requestEvent(request);
  const call = invokeWithin(cloud, api, {
    arn: functionArnOf(withStageVariables(authorizer.authorizerUri, request)),
    credentials: authorizer.authorizerCredentials,
    sourceArn: `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/authorizers/${authorizer.id}`,
    event: JSON.stringify(event),
  });
  const { payload, failed } = await within(cloud, longestAnswer, call).catch((error: unknown) => {
    const reason = error instanceof TimedOut ? error.message : reasonOf(error);
    complain(request, `authorizer ${authorizer.name}: ${reason}`);
    throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', null);
  });
  if (failed) {
    // The one failure that means the caller: the function threw exactly this.
    if (errorMessage(payload) === 'Unauthorized') throw unauthorized();
    complain(request, `authorizer ${authorizer.name} failed: ${Buffer.from(payload).toString()}`);
    throw new GatewayError('AUTHORIZER_FAILURE', null);
  }
  const answer = authorizerAnswer(payload);
  if (answer) return answer;
  complain(request, `authorizer ${authorizer.name}: its answer is not of the documented form`);
  throw new GatewayError('AUTHORIZER_CONFIGURATION_ERROR', null);
}

/** "Input to an API Gateway Lambda authorizer", REQUEST. */
function requestEvent(request: GatewayRequest): Record<string, unknown> {
  const { raw, route, stage } = request;
  return {
    type: 'REQUEST',
    methodArn: methodArn(request),
    resource: route?.resource.path,
    path: request.path,
    httpMethod: raw.method,
    headers: single(request.headers),
    multiValueHeaders: multiple(request.headers),
    queryStringParameters: single(request.query) ?? {},
    multiValueQueryStringParameters: multiple(request.query) ?? {},
    pathParameters: route?.pathParameters ?? {},
    stageVariables: stage.variables ?? {},
    requestContext: requestContext(request),
  };
}

function checkPolicy(request: GatewayRequest, { policy, principalId }: AuthorizerAnswer): void {
  const { api, cloud, raw } = request;
  const decision = evaluate(
    { identity: [policy] },
    {
      caller: { account: api.account, type: 'user', arn: principalId, userId: principalId },
      action: 'execute-api:Invoke',
      resource: methodArn(request),
      resourceAccount: api.account,
      context: new Map([
        ['aws:sourceip', [raw.sourceIp]],
        ['aws:useragent', [headerOf(request, 'user-agent') ?? '']],
        ['aws:currenttime', [new Date(cloud.clock.now()).toISOString()]],
        ['aws:securetransport', ['true']],
      ]),
    },
  );
  if (decision.allowed) return;
  const explicit = decision.explicit ? ' with an explicit deny in an identity-based policy' : '';
  throw new GatewayError('ACCESS_DENIED', `User is not authorized to access this resource${explicit}`);
}

function errorMessage(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString()).errorMessage;
  } catch {
    return undefined;
  }
}

function unauthorized(): GatewayError {
  return new GatewayError('UNAUTHORIZED', 'Unauthorized');
}
