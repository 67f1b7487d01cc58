import type { Cloud, RawRequest } from '../../../service.ts';
import { accountThrottle } from '../../apigateway/account.ts';
import type { Address } from '../../apigateway/data-plane/address.ts';
import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { matchResource } from '../../apigateway/data-plane/match-resource.ts';
import { takeTokens } from '../../apigateway/data-plane/throttle.ts';
import { corsHeaders, isPreflight, preflightHeaders } from '../../lambda/function-url-cors.ts';
import { httpApiState } from '../state.ts';
import { authorize } from './authorize.ts';
import { HttpError } from './http-error.ts';
import { type HttpRequest, httpRequest } from './http-request.ts';
import { integrate } from './integrate.ts';
import { observe } from './observe.ts';

/** "Amazon API Gateway quotas": payload size of HTTP APIs. */
const largestBody = 10_485_760;

/** What an HTTP API answers; `undefined` when there is none at that address. */
export async function httpApiAnswer(cloud: Cloud, raw: RawRequest, address: Address): Promise<HttpAnswer | undefined> {
  const target = findStage(cloud, address);
  if (!target) return undefined;
  const request = httpRequest(cloud, raw, target);
  const answered = await answerOf(request);
  observe(request, answered);
  return { ...answered, headers: { 'apigw-requestid': request.requestId, ...answered.headers } };
}

async function answerOf(request: HttpRequest): Promise<HttpAnswer> {
  const { raw, definition } = request;
  const cors = definition.settings.CorsConfiguration;
  if (cors && isPreflight(raw)) return withHeaders({ status: 204, headers: {}, body: '' }, preflightHeaders(cors, raw));
  try {
    findRoute(request);
    if (raw.body.length > largestBody) throw new HttpError(413, 'Request Entity Too Large');
    await authorize(request);
    throttle(request);
    return withHeaders(await integrate(request), cors ? corsHeaders(cors, raw) : {});
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { status, message, headers } = error;
    const body = JSON.stringify({ message });
    const answer = { status, headers: { 'content-type': 'application/json', ...headers }, body };
    return withHeaders(answer, cors ? corsHeaders(cors, raw) : {});
  }
}

function withHeaders(answer: HttpAnswer, more: object): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, ...more } };
}

/** The stage that the path begins with, or `$default`. */
function findStage(cloud: Cloud, { apiId, stageName, path, rawPath }: Address) {
  for (const { account, region } of cloud.scopes('apigatewayv2')) {
    const api = httpApiState(cloud, account, region).apis.get(apiId);
    const named = api?.stages.get(stageName);
    const stage = named ?? api?.stages.get('$default');
    const definition = api?.deployments.get(stage?.DeploymentId ?? '')?.snapshot;
    if (api && stage && definition && !api.settings.DisableExecuteApiEndpoint) {
      return { api, stage, definition, path: named ? path : rawPath, rawPath };
    }
  }
  return undefined;
}

/** "Create routes for HTTP APIs", routing: the closest path with the method or ANY, then `$default`. Throws 404. */
function findRoute(request: HttpRequest): void {
  const { raw, definition, path } = request;
  const candidates = [...definition.routes.values()].flatMap((route) => {
    const [method, pattern] = (route.RouteKey ?? '').split(' ');
    return pattern !== undefined && (method === raw.method || method === 'ANY')
      ? [{ path: pattern, method, route }]
      : [];
  });
  // Of two with the same path the first found counts: the one that names the method.
  candidates.sort((a, b) => Number(a.method === 'ANY') - Number(b.method === 'ANY'));
  const match = matchResource(candidates, path);
  const route =
    match?.resource.route ?? [...definition.routes.values()].find(({ RouteKey }) => RouteKey === '$default');
  const integration = definition.integrations.get(route?.Target?.replace('integrations/', '') ?? '');
  if (!route) throw new HttpError(404, 'Not Found');
  if (!integration) throw new HttpError(500, 'Internal Server Error');
  request.found = { route, integration, pathParameters: match?.parameters ?? {} };
}

/** "Throttle your HTTP APIs": the route's limits, else the stage's for each route, then the account's. */
function throttle({ cloud, api, stage, found }: HttpRequest): void {
  const key = found?.route.RouteKey ?? '';
  const settings = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[key] };
  const limits = { rateLimit: settings.ThrottlingRateLimit, burstLimit: settings.ThrottlingBurstLimit };
  const wanted = [
    { name: `route ${api.id} ${stage.StageName} ${key}`, limits },
    { name: `account ${api.account} ${api.region}`, limits: accountThrottle },
  ];
  if (!takeTokens(cloud, wanted)) throw new HttpError(429, 'Too Many Requests');
}
