import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import type { RawRequest } from '../service.ts';

/** Above every documented request size a pattern can meet (S3 single part uploads of assets are the largest). */
const largestBody = 512 * 1024 * 1024;

/** Reads a request to its end. Aborts its signal when the client goes away before it was answered. */
export async function readRequest(request: IncomingMessage, response: ServerResponse): Promise<RawRequest> {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client closed the connection'));
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      throw new AwsError('RequestEntityTooLarge', `A request body may have at most ${largestBody} bytes here`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    url,
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: request.headers,
    body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
    signal: gone.signal,
  };
}
