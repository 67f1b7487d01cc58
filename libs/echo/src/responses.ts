import type { LambdaFunctionURLResult } from 'aws-lambda';
import type { RequestError, RequestErrorCode } from './errors.ts';

const statusOf: Readonly<Record<RequestErrorCode, number>> = {
  METHOD_NOT_ALLOWED: 405,
  BODY_NOT_JSON: 400,
  BODY_INVALID: 400,
};

/** The answer to a request that was logged: Lambda's request id, by which its lines are found, and their number. */
export function logged(requestId: string, count: number): LambdaFunctionURLResult {
  return respond(200, 'application/json', { requestId, logged: count });
}

/** Problem details (RFC 9457) of a refused request. */
export function refused(requestId: string, { code, problems }: RequestError): LambdaFunctionURLResult {
  const status = statusOf[code];
  const details = { type: 'about:blank', title: 'The request is refused', status, code, problems, requestId };
  return respond(status, 'application/problem+json', details, status === 405 ? { allow: 'POST' } : {});
}

function respond(statusCode: number, type: string, body: object, headers: Record<string, string> = {}) {
  return { statusCode, headers: { 'content-type': type, ...headers }, body: JSON.stringify(body) };
}
