import type { APIGatewayProxyResult } from 'aws-lambda';

/** Problem details (RFC 9457). */
export function problem(
  status: number,
  title: string,
  more: { readonly detail?: string; readonly code?: string; readonly problems?: readonly string[] } = {},
): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ title, status, ...more }),
  };
}

export function json(statusCode: number, body: unknown): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The body of a request; undefined when it is no JSON. */
export function readBody({ body, isBase64Encoded }: { body: string | null; isBase64Encoded: boolean }): unknown {
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? ''));
  } catch {
    return undefined;
  }
}
