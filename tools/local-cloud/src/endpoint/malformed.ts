import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AwsError } from '../errors.ts';

/**
 * Answers what could not be read as a request of any service, so that no protocol is known: JSON, whose code and request id every
 * SDK client finds in the headers.
 */
export function answerMalformed(response: ServerResponse, error: AwsError): void {
  const { status, headers, body } = malformedAnswer(error);
  // What is left of the request is not read: the connection can't be used for another.
  response.writeHead(status, { ...headers, connection: 'close' });
  response.end(body);
}

/** The same where Node's parser gave up, and there is nothing but the socket. The connection can't be used again. */
export function refuseConnection(socket: Duplex, error: NodeJS.ErrnoException): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const { status, headers, body } = malformedAnswer(parserError(error.code));
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

function parserError(code: string | undefined): AwsError {
  // "Error responses", S3 API Reference: its wording for headers and for clients that stop sending; other services have none.
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message =
      'Your request header and the query parameters used to make the request exceed the maximum allowed size';
    return new AwsError('RequestHeaderSectionTooLarge', message, { status: 400 });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout();
  return new AwsError('BadRequest', `An error occurred when parsing the HTTP request (${code})`, { status: 400 });
}

/** "Error responses", S3 API Reference. */
export function requestTimeout(): AwsError {
  const message =
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.';
  return new AwsError('RequestTimeout', message, { status: 400 });
}

function malformedAnswer({ code, message, status = 400 }: AwsError) {
  const body = JSON.stringify({ __type: code, message });
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
    'x-amzn-errortype': code,
  };
  return { status, headers, body };
}
