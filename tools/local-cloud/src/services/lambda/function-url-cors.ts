import type { OutgoingHttpHeaders } from 'node:http';
import type { Cors } from '@aws-sdk/client-lambda';
import type { RawRequest } from '../../service.ts';

/** Browsers ask before they send; Lambda answers that itself when the URL has CORS settings. */
export function isPreflight({ method, headers }: RawRequest): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** Headers of the answer to a preflight request; none when the origin is not allowed. */
export function preflightHeaders(cors: Cors, raw: RawRequest): OutgoingHttpHeaders {
  const headers = corsHeaders(cors, raw);
  if (Object.keys(headers).length === 0) return {};
  return {
    ...headers,
    ...(cors.AllowMethods?.length && { 'access-control-allow-methods': cors.AllowMethods.join(',') }),
    ...(cors.AllowHeaders?.length && { 'access-control-allow-headers': cors.AllowHeaders.join(',') }),
    ...(cors.MaxAge !== undefined && { 'access-control-max-age': String(cors.MaxAge) }),
  };
}

/** Headers of every answer to an allowed origin ("Cross-origin resource sharing", Lambda function URLs). */
export function corsHeaders(cors: Cors, { headers: { origin } }: RawRequest): OutgoingHttpHeaders {
  const allowed = origin !== undefined && cors.AllowOrigins?.some((one) => one === '*' || one === origin);
  if (!allowed) return {};
  const anyone = cors.AllowOrigins?.includes('*') && !cors.AllowCredentials;
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    ...(!anyone && { vary: 'Origin' }),
    ...(cors.AllowCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.ExposeHeaders?.length && { 'access-control-expose-headers': cors.ExposeHeaders.join(',') }),
  };
}
