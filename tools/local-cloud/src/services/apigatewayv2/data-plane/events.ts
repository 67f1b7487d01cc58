import type { Caller } from '../../../service.ts';
import { iamAuthorizer, isText, logTime, queryParameters } from '../../lambda/function-url-event.ts';
import { domainName, type HttpRequest } from './http-request.ts';

/** "Create AWS Lambda proxy integrations for HTTP APIs": the event of payload format 2.0. */
export function eventVersion2(request: HttpRequest): Record<string, unknown> {
  const { raw, found } = request;
  const binary = !isText(raw);
  return {
    version: '2.0',
    routeKey: found?.route.RouteKey,
    ...requestPart2(request),
    ...(raw.body.length > 0 && { body: raw.body.toString(binary ? 'base64' : 'utf8') }),
    isBase64Encoded: raw.body.length > 0 && binary,
  };
}

/** What the event has in common with an authorizer's. */
export function requestPart2(request: HttpRequest): Record<string, unknown> {
  const { raw, api, stage, found, time, rawPath } = request;
  const rawQueryString = raw.url.includes('?') ? raw.url.slice(raw.url.indexOf('?') + 1) : '';
  const cookies = raw.headers.cookie?.split(/;\s*/);
  const { cookie: _cookie, ...headers } = request.headers;
  return {
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers,
    ...(rawQueryString && { queryStringParameters: queryParameters(raw.query) }),
    requestContext: {
      accountId: api.account,
      apiId: api.id,
      ...authorizerPart(request, (caller) => ({ iam: iamAuthorizer(caller) })),
      domainName: domainName(api),
      domainPrefix: api.id,
      http: {
        method: raw.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: raw.sourceIp,
        userAgent: raw.headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: found?.route.RouteKey,
      stage: stage.StageName,
      time: logTime(time),
      timeEpoch: time,
    },
    ...pathAndVariables(request),
  };
}

/** The event of payload format 1.0, as REST APIs have it. */
export function eventVersion1(request: HttpRequest): Record<string, unknown> {
  const { raw } = request;
  const binary = !isText(raw);
  return {
    version: '1.0',
    ...requestPart1(request),
    body: raw.body.length === 0 ? null : raw.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: raw.body.length > 0 && binary,
  };
}

/** What payloads of version 1.0 tell of a request, to integrations and authorizers alike. */
export function requestPart1(request: HttpRequest): Record<string, unknown> {
  const { raw, api, stage, found, time, rawPath, headers, caller } = request;
  const query = [...new Set(raw.query.keys())];
  const resource = resourceOf(found?.route.RouteKey);
  return {
    resource,
    path: rawPath,
    httpMethod: raw.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      query.length === 0 ? null : Object.fromEntries(query.map((name) => [name, raw.query.getAll(name).at(-1)])),
    multiValueQueryStringParameters:
      query.length === 0 ? null : Object.fromEntries(query.map((name) => [name, raw.query.getAll(name)])),
    requestContext: {
      accountId: api.account,
      apiId: api.id,
      ...authorizerPart(request, () => ({})),
      domainName: domainName(api),
      domainPrefix: api.id,
      extendedRequestId: request.requestId,
      httpMethod: raw.method,
      identity: {
        accessKey: caller?.accessKeyId ?? null,
        accountId: caller?.account ?? null,
        caller: caller?.userId ?? null,
        cognitoAmr: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: raw.sourceIp,
        user: caller?.userId ?? null,
        userAgent: raw.headers['user-agent'] ?? null,
        userArn: caller?.arn ?? null,
      },
      path: rawPath,
      protocol: 'HTTP/1.1',
      requestId: request.requestId,
      requestTime: logTime(time),
      requestTimeEpoch: time,
      resourceId: found?.route.RouteKey,
      resourcePath: resource,
      stage: stage.StageName,
    },
    pathParameters: null,
    stageVariables: null,
    ...pathAndVariables(request),
  };
}

function resourceOf(routeKey = ''): string {
  return routeKey.split(' ')[1] ?? routeKey;
}

function pathAndVariables({ found, stage }: HttpRequest): Record<string, unknown> {
  const { pathParameters = {} } = found ?? {};
  return {
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(Object.keys(stage.StageVariables ?? {}).length > 0 && { stageVariables: stage.StageVariables }),
  };
}

function authorizerPart({ authorizer, caller }: HttpRequest, iam: (caller: Caller) => object): object {
  if (authorizer) return { authorizer };
  return caller ? { authorizer: iam(caller) } : {};
}
