import { isUtf8 } from 'node:buffer';
import type { Caller, RawRequest } from '../../service.ts';

export interface UrlRequest {
  readonly urlId: string;
  readonly region: string;
  /** Path below the function URL, beginning with a slash, as sent. */
  readonly rawPath: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Who signed the request, for URLs with AWS_IAM. */
  readonly caller: Caller | undefined;
}

/**
 * The event a function URL hands to its function: payload format 2.0 ("Request payload format", Invoking Lambda function
 * URLs). Handlers see the host and the TLS headers they would see on AWS.
 */
export function functionUrlEvent(raw: RawRequest, request: UrlRequest): Record<string, unknown> {
  const domainName = `${request.urlId}.lambda-url.${request.region}.on.aws`;
  const rawQueryString = raw.url.includes('?') ? raw.url.slice(raw.url.indexOf('?') + 1) : '';
  const cookies = raw.headers.cookie?.split(/;\s*/);
  const text = isText(raw);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: request.rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: eventHeaders(raw, request, domainName),
    ...(rawQueryString && { queryStringParameters: queryParameters(raw.query) }),
    requestContext: {
      accountId: request.caller?.account ?? 'anonymous',
      apiId: request.urlId,
      ...(request.caller && { authorizer: { iam: iamAuthorizer(request.caller) } }),
      domainName,
      domainPrefix: request.urlId,
      http: {
        method: raw.method,
        path: request.rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: raw.sourceIp,
        userAgent: raw.headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(request.time),
      timeEpoch: request.time,
    },
    ...(raw.body.length > 0 && { body: raw.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: raw.body.length > 0 && !text,
  };
}

/** Hop by hop, or Lambda's own business: cookies are a member of their own, a signature is checked before. */
const withheld = new Set(['authorization', 'connection', 'cookie', 'keep-alive', 'transfer-encoding', 'upgrade']);

function eventHeaders(raw: RawRequest, request: UrlRequest, host: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    // Pseudo-headers of HTTP/2 begin with a colon. Who checks credentials itself, needs its Authorization header.
    const kept = name === 'authorization' ? !request.caller : !withheld.has(name) && !name.startsWith(':');
    if (kept && value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    ...headers,
    host,
    'x-amzn-tls-cipher-suite': 'TLS_AES_128_GCM_SHA256',
    'x-amzn-tls-version': 'TLSv1.3',
    'x-amzn-trace-id': request.traceId.split(';')[0] ?? '',
    'x-forwarded-for': raw.sourceIp,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

export function queryParameters(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

/** Who signed a request, as functions behind a URL or an HTTP API are told. */
export function iamAuthorizer(caller: Caller): Record<string, string | null> {
  return {
    accessKey: caller.accessKeyId ?? null,
    accountId: caller.account,
    callerId: caller.userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: caller.arn,
    userId: caller.userId,
  };
}

/** Everything else reaches the function in base64, forms included. */
export function isText(raw: Pick<RawRequest, 'headers' | 'body'>): boolean {
  const type = (raw.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return /^(text\/.+|application\/(.+\+)?(json|xml|javascript))$/.test(type) && isUtf8(raw.body);
}

/** `21/Nov/2026:10:14:34 +0000` */
export function logTime(time: number): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
