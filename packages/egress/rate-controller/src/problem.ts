import type { RateLimitedError } from '@stackyard/rate-control';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

const titles = {
  400: 'Bad Request',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Problem details (RFC 9457); `type` is left out, for the status says it all. */
export function problem(
  status: keyof typeof titles,
  detail: string,
  members: object = {},
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  const answer = json(status, { title: titles[status], status, detail, ...members });
  return { ...answer, headers: { 'content-type': 'application/problem+json', ...headers } };
}

export function json(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A call that was not made: 503 where that is the store's fault, else 429. */
export function refusal({ code, message, retryAfterMs }: RateLimitedError): APIGatewayProxyStructuredResultV2 {
  const status = code === 'RATE_STORE_UNAVAILABLE' ? 503 : 429;
  const seconds = String(Math.ceil(retryAfterMs / 1000));
  return problem(status, message, { code, retryAfterMs }, { 'retry-after': seconds });
}
