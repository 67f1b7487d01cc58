import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import { evaluate } from '../../../iam/evaluate.ts';
import type { PolicyDocument } from '../../../iam/policy-document.ts';
import { authorizerAnswer } from '../../apigateway/data-plane/authorizer-answer.ts';
import { cacheAnswer, cachedAnswer } from '../../apigateway/data-plane/authorizer-cache.ts';
import { invokeWithin, reasonOf, TimedOut, within } from '../../apigateway/data-plane/invoke-function.ts';
import { requestPart1, requestPart2 } from './events.ts';
import { functionOf } from './function-of.ts';
import { HttpError } from './http-error.ts';
import { type HttpRequest, routeArn } from './http-request.ts';
import { identityOf } from './identity-source.ts';

/** "Amazon API Gateway quotas": the time a Lambda authorizer has. */
const longestAnswer = 10_000;

/**
 * "Control access to HTTP APIs with AWS Lambda authorizers": a simple answer says yes or no, a policy is evaluated for
 * every route. Throws 401 for a missing identity, 403 for a no, 500 for a broken authorizer.
 */
export async function lambdaAuthorizer(request: HttpRequest, authorizer: Authorizer): Promise<void> {
  const { cloud, api, stage } = request;
  const identity = identityOf(request, authorizer.IdentitySource);
  if (!identity) throw new HttpError(401, 'Unauthorized');
  const ttl = authorizer.AuthorizerResultTtlInSeconds ?? 0;
  const key = { api: api.id, stage: stage.StageName ?? '', authorizer: authorizer.AuthorizerId ?? '', identity };
  const cached = ttl > 0 ? cachedAnswer(cloud, key) : undefined;
  const answer = cached ?? (await ask(request, authorizer, identity));
  if (!cached) cacheAnswer(cloud, key, answer, ttl);
  if (!allows(request, answer.policy)) throw new HttpError(403, 'Forbidden');
  request.authorizer =
    authorizer.AuthorizerPayloadFormatVersion === '2.0'
      ? { lambda: answer.context }
      : { ...answer.context, principalId: answer.principalId };
}

async function ask(request: HttpRequest, authorizer: Authorizer, identity: readonly string[]) {
  const { cloud, api } = request;
  const call = invokeWithin(cloud, api, {
    arn: functionOf(authorizer.AuthorizerUri, request),
    credentials: authorizer.AuthorizerCredentialsArn,
    sourceArn: `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/authorizers/${authorizer.AuthorizerId}`,
    event: JSON.stringify(eventOf(request, authorizer, identity)),
  });
  const { payload, failed } = await within(cloud, longestAnswer, call).catch((error: unknown) => {
    cloud.log(
      `API ${api.id}: authorizer ${authorizer.Name}: ${error instanceof TimedOut ? error.message : reasonOf(error)}`,
    );
    throw new HttpError(500, 'Internal Server Error');
  });
  const answer = failed
    ? undefined
    : authorizer.EnableSimpleResponses
      ? simpleAnswer(payload)
      : authorizerAnswer(payload);
  if (!answer) throw new HttpError(500, 'Internal Server Error');
  return answer;
}

function eventOf(request: HttpRequest, authorizer: Authorizer, identity: readonly string[]): Record<string, unknown> {
  if (authorizer.AuthorizerPayloadFormatVersion === '2.0') {
    const { RouteKey: routeKey } = request.found?.route ?? {};
    return {
      version: '2.0',
      type: 'REQUEST',
      routeArn: routeArn(request),
      identitySource: identity,
      routeKey,
      ...requestPart2(request),
    };
  }
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn: routeArn(request),
    identitySource: identity.join(','),
    authorizationToken: identity.join(','),
    ...requestPart1(request),
  };
}

/** `{ isAuthorized, context }`, kept as the policy it stands for. */
function simpleAnswer(payload: Uint8Array) {
  const answer = parsed(payload);
  if (typeof answer?.['isAuthorized'] !== 'boolean') return undefined;
  const Effect = answer['isAuthorized'] ? 'Allow' : 'Deny';
  const policy: PolicyDocument = { Statement: { Effect, Action: 'execute-api:Invoke', Resource: '*' } };
  return { principalId: '', policy, context: (answer['context'] ?? {}) as Record<string, string> };
}

function parsed(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}

function allows(request: HttpRequest, policy: PolicyDocument): boolean {
  const { api } = request;
  return evaluate(
    { identity: [policy] },
    {
      caller: { account: api.account, type: 'user', arn: 'authorized', userId: 'authorized' },
      action: 'execute-api:Invoke',
      resource: routeArn(request),
      resourceAccount: api.account,
      context: new Map([['aws:sourceip', [request.raw.sourceIp]]]),
    },
  ).allowed;
}
