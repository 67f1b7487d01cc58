import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';
import { requestTimeout } from './malformed.ts';

/** Above every documented request size a pattern can meet (S3 single part uploads of assets are the largest). */
const largestBody = 512 * 1024 * 1024;
/** For so long a client may say nothing in the middle of a body. No AWS page states the time, RequestTimeout only. */
const longestPause = 20_000;

/** A request whose body is still to come. Its signal is aborted when the client goes away before it was answered. */
export function readHead(request: IncomingMessage, response: ServerResponse): RawRequest {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client closed the connection'));
  });
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    url,
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    body: Buffer.alloc(0),
    signal: gone.signal,
  };
}

/**
 * Reads a request to its end. Throws RequestTimeout when it stops sending for `pause` ms, RequestEntityTooLarge, and what Node
 * throws when the connection ends inside the body.
 */
export async function readBody(request: IncomingMessage, pause = longestPause): Promise<Buffer> {
  const stalled = new Promise<never>((_, reject) => request.setTimeout(pause, () => reject(requestTimeout())));
  const body = await Promise.race([bytesOf(request), stalled]);
  request.setTimeout(0);
  return body;
}

/** Resolves when half of the body has come. */
export async function readHalf(request: IncomingMessage): Promise<void> {
  const half = Number(request.headers['content-length'] ?? 0) / 2;
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size >= half) return;
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      const message = `A request body may have at most ${largestBody} bytes here`;
      throw new AwsError('RequestEntityTooLarge', message, { status: 413 });
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}
