import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';

export const context = { awsRequestId: 'request-1', functionName: 'echo' } as Context;

/** A function URL's event for a request with this body. */
export function post(body: unknown, event: Partial<LambdaFunctionURLEvent> = {}): LambdaFunctionURLEvent {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const http = { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' };
  return {
    version: '2.0',
    body: text,
    isBase64Encoded: false,
    requestContext: { http },
    ...event,
  } as LambdaFunctionURLEvent;
}

export const request = (method: string) =>
  post('', { requestContext: { http: { method } } as LambdaFunctionURLEvent['requestContext'] });
