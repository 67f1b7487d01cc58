import { createHash } from 'node:crypto';
import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { appendLines } from '../../apigateway/data-plane/log-lines.ts';
import { logTime } from '../../lambda/function-url-event.ts';
import { domainName, type HttpRequest } from './http-request.ts';

/** "Customize HTTP API access logs": a request's line in the stage's log group. What has no value is `-`. */
export async function writeAccessLog(request: HttpRequest, answer: HttpAnswer): Promise<void> {
  const { cloud, api, stage } = request;
  const { DestinationArn, Format } = stage.AccessLogSettings ?? {};
  if (!DestinationArn || !Format) return;
  const [, group = ''] = /:log-group:([^:]+)/.exec(DestinationArn) ?? [];
  const stream = createHash('md5').update(`${api.id}/${stage.StageName}`).digest('hex');
  const context = contextOf(request, answer);
  const line = Format.replaceAll(/\r?\n/g, '').replace(/\$context\.([\w.-]*\w)/g, (_, path: string) => {
    const value = path.split('.').reduce<unknown>(member, context);
    return value === undefined || value === null ? '-' : String(value);
  });
  // A resource policy that API Gateway puts on the group itself lets its lines in, whoever owns the API's roles.
  const { account, region } = api;
  const caller = { account, type: 'root', arn: `arn:aws:iam::${account}:root`, userId: account } as const;
  await appendLines(cloud, { caller, region }, { group, stream }, [line]);
}

function contextOf(request: HttpRequest, { status, body }: HttpAnswer): Record<string, unknown> {
  const { api, stage, raw, found, requestId, time, cloud, caller, rawPath } = request;
  return {
    accountId: api.account,
    apiId: api.id,
    authorizer: {
      ...request.authorizer,
      ...(request.authorizer?.['lambda'] as object | undefined),
      ...jwtPart(request),
    },
    domainName: domainName(api),
    domainPrefix: api.id,
    extendedRequestId: requestId,
    httpMethod: raw.method,
    identity: {
      sourceIp: raw.sourceIp,
      userAgent: raw.headers['user-agent'],
      caller: caller?.userId,
      userArn: caller?.arn,
    },
    path: rawPath,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: logTime(time),
    requestTimeEpoch: time,
    responseLatency: cloud.clock.now() - time,
    responseLength: Buffer.byteLength(body),
    routeKey: found?.route.RouteKey,
    stage: stage.StageName,
    status,
  };
}

/** `$context.authorizer.claims.sub` */
function jwtPart({ authorizer }: HttpRequest): object {
  const { claims } = (authorizer?.['jwt'] ?? {}) as { claims?: object };
  return claims ? { claims } : {};
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
