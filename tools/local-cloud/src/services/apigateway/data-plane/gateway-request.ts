import { randomBytes, randomUUID } from 'node:crypto';
import type { Method, Stage } from '@aws-sdk/client-api-gateway';
import type { Caller, Cloud, RawRequest } from '../../../service.ts';
import type { Api, ApiDefinition, ApiResource } from '../state.ts';
import type { GatewayError } from './gateway-error.ts';

/** Names with all their values, in the order they came. */
export type MultiMap = ReadonlyMap<string, readonly string[]>;

/** A request on its way through a stage. What the steps find out is added to it. */
export interface GatewayRequest {
  readonly cloud: Cloud;
  readonly raw: RawRequest;
  readonly api: Api;
  readonly stage: Stage;
  /** The API as the stage's deployment has it. */
  readonly definition: ApiDefinition;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  /** When it came, milliseconds since the epoch. */
  readonly time: number;
  /** Path below the stage, as sent. */
  readonly path: string;
  /** As sent, and those the gateway adds. */
  readonly headers: MultiMap;
  readonly query: MultiMap;
  /** Absent until a resource and a method were found for the path. */
  route?: {
    readonly resource: ApiResource;
    readonly method: Method;
    readonly pathParameters: Readonly<Record<string, string>>;
  };
  /** Who signed it. */
  caller?: Caller;
  /** What the authorizer said: `principalId`, its context, or `claims` of a user pool's token. */
  authorizer?: Readonly<Record<string, unknown>>;
  /** The API key's value, as the authorizer says it. */
  usageIdentifierKey?: string;
  apiKey?: { readonly id: string; readonly value: string };
  /** What the gateway answered instead of the integration. */
  error?: GatewayError;
  /** What went wrong, for the API's author: the client is told nothing of it. */
  readonly notes: string[];
  /** How long the integration took, milliseconds. */
  integrationLatency?: number;
}

/** A request as it comes in, with ids of its own and the headers the gateway adds; nothing is known of its method yet. */
export function gatewayRequest(
  cloud: Cloud,
  raw: RawRequest,
  target: Pick<GatewayRequest, 'api' | 'stage' | 'definition' | 'path'>,
): GatewayRequest {
  const time = cloud.clock.now();
  const traceId = `Root=1-${Math.floor(time / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  return {
    cloud,
    raw,
    ...target,
    requestId: randomUUID(),
    extendedRequestId: `${randomBytes(11).toString('base64url').slice(0, 15)}=`,
    traceId,
    time,
    headers: headersOf(raw, { domainName: domainName(target.api), traceId }),
    notes: [],
    query: new Map([...new Set(raw.query.keys())].map((name) => [name, raw.query.getAll(name)])),
  };
}

/** The host name AWS gives an API. */
export function domainName({ id, region }: Api): string {
  return `${id}.execute-api.${region}.amazonaws.com`;
}

/** Hop by hop. */
const withheld = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'content-length']);

/** Names as sent. The gateway adds what a regional API's integration sees of the connection. */
function headersOf({ rawHeaders, sourceIp }: RawRequest, added: { domainName: string; traceId: string }): MultiMap {
  const headers = new Map<string, string[]>();
  const names = new Map<string, string>();
  const put = (name: string, value: string) => {
    const known = names.get(name.toLowerCase()) ?? name;
    names.set(name.toLowerCase(), known);
    headers.set(known, [...(headers.get(known) ?? []), value]);
  };
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // Pseudo-headers of HTTP/2 begin with a colon.
    if (!withheld.has(name.toLowerCase()) && !name.startsWith(':')) put(name, rawHeaders[i + 1] ?? '');
  }
  put('Host', added.domainName);
  if (!names.has('x-amzn-trace-id')) put('X-Amzn-Trace-Id', added.traceId);
  put('X-Forwarded-For', sourceIp);
  put('X-Forwarded-Port', '443');
  put('X-Forwarded-Proto', 'https');
  return headers;
}

/** A header's last value, whatever the case of its name. */
export function headerOf({ headers }: Pick<GatewayRequest, 'headers'>, name: string): string | undefined {
  for (const [known, values] of headers) if (known.toLowerCase() === name.toLowerCase()) return values.at(-1);
  return undefined;
}

/** `arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/orders/7`, which policies speak of. */
export function methodArn({ api, stage, raw, path }: GatewayRequest): string {
  return `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/${stage.stageName}/${raw.method}${path}`;
}

/** The same with the resource's path, for a function's policy: `…/dev/GET/orders/{id}`. */
export function sourceArn(request: GatewayRequest): string {
  const { api, stage, raw, route } = request;
  return `arn:aws:execute-api:${api.region}:${api.account}:${api.id}/${stage.stageName}/${raw.method}${route?.resource.path ?? request.path}`;
}

/** Says on the cloud's log, and in the execution log, what the API's author should know. */
export function complain({ cloud, api, notes }: GatewayRequest, text: string): void {
  notes.push(text);
  cloud.log(`API ${api.id}: ${text}`);
}

/** Last values: what a map with one value a name holds. */
export function single(map: MultiMap): Record<string, string> | null {
  if (map.size === 0) return null;
  return Object.fromEntries([...map].map(([name, values]) => [name, values.at(-1) ?? '']));
}

/** All values: what a map with several values a name holds. */
export function multiple(map: MultiMap): Record<string, readonly string[]> | null {
  return map.size === 0 ? null : Object.fromEntries(map);
}
