import { randomBytes } from 'node:crypto';
import type { Integration, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import type { Caller, Cloud, RawRequest } from '../../../service.ts';
import type { HttpApi, HttpApiDefinition } from '../state.ts';

/** A request on its way through a stage of an HTTP API. What the steps find out is added to it. */
export interface HttpRequest {
  readonly cloud: Cloud;
  readonly raw: RawRequest;
  readonly api: HttpApi;
  readonly stage: Stage;
  readonly definition: HttpApiDefinition;
  readonly requestId: string;
  readonly traceId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Below the stage, as sent. */
  readonly path: string;
  /** With the stage's name, unless it is `$default`. */
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  found?: {
    readonly route: Route;
    readonly integration: Integration;
    readonly pathParameters: Readonly<Record<string, string>>;
  };
  caller?: Caller;
  /** `requestContext.authorizer` */
  authorizer?: Readonly<Record<string, unknown>>;
}

/** A request as it comes in, with ids of its own and the headers the gateway adds; nothing is known of its route yet. */
export function httpRequest(
  cloud: Cloud,
  raw: RawRequest,
  target: Pick<HttpRequest, 'api' | 'stage' | 'definition' | 'path' | 'rawPath'>,
): HttpRequest {
  const time = cloud.clock.now();
  const traceId = `Root=1-${Math.floor(time / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  const headers = headersOf(raw, domainName(target.api), traceId);
  return {
    cloud,
    raw,
    ...target,
    requestId: `${randomBytes(11).toString('base64url').slice(0, 15)}=`,
    traceId,
    time,
    headers,
  };
}

/** The host name AWS gives an API. */
export function domainName({ id, region }: HttpApi): string {
  return `${id}.execute-api.${region}.amazonaws.com`;
}

const withheld = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Lower-case names; several values of one are joined by commas. */
function headersOf(raw: RawRequest, host: string, traceId: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    if (value !== undefined && !withheld.has(name) && !name.startsWith(':')) headers[name] = [value].flat().join(',');
  }
  return {
    ...headers,
    host,
    'content-length': String(raw.body.length),
    'x-amzn-trace-id': traceId,
    'x-forwarded-for': raw.sourceIp,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

/** `arn:aws:execute-api:us-east-1:000000000000:abc/$default/GET/orders/7` */
export function routeArn({ api, stage, raw, path }: HttpRequest): string {
  return `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/${stage.StageName}/${raw.method}${path}`;
}

/** The same by route, for a function's policy: `…/$default/GET/orders/{id}`, or `…/$default/$default`. */
export function sourceArn({ api, stage, found }: HttpRequest): string {
  const key = (found?.route.RouteKey ?? '').replace(' ', '').replace(/^ANY\//, '*/');
  return `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/${stage.StageName}/${key}`;
}
