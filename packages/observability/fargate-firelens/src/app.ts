import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { log } from './log.ts';

const maxLines = 10_000;
/** Bytes of a request's body. */
const maxBody = 4 * 1024 * 1024;
/**
 * Milliseconds. Longer than the load balancer keeps an idle connection ("Connection idle timeout", 60 s): with Node's 5 s it would
 * send requests on connections that end at that moment, and answer 502.
 */
const keepAliveTimeout = 65_000;

/**
 * A plain HTTP server, which runs anywhere.
 *
 * - `GET /health`: 200, and a line that says so.
 * - `POST /lines` with `{"lines": ["…"]}`: logs each as a structured line with the request's id.
 * - `POST /lines` with `content-type: text/plain`: prints each line of the text as it is.
 */
export function createApp(): Server {
  const server = createServer((request, response) => {
    const requestId = randomUUID();
    serve(request, response, requestId).catch((error: Error) => {
      log('ERROR', error.message, { requestId, stack: error.stack });
      if (response.headersSent) response.destroy();
      else problem(response, 500, 'The request failed', error.message, requestId);
    });
  });
  server.keepAliveTimeout = keepAliveTimeout;
  return server;
}

async function serve(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?');
  switch (`${request.method} ${path}`) {
    case 'GET /health':
      log('INFO', 'GET /health', { path, requestId });
      return answer(response, { status: 'ok' });
    case 'POST /lines':
      return writeLines(request, response, requestId);
    default:
      problem(
        response,
        404,
        'There is nothing here',
        `${request.method} ${path} is none of POST /lines, GET /health.`,
        requestId,
      );
  }
}

async function writeLines(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > maxBody) {
    problem(response, 413, 'The request is too large', `A body has at most ${maxBody} bytes.`, requestId);
    return;
  }
  const body = await text(request);
  if (request.headers['content-type']?.startsWith('text/plain')) {
    const lines = body.split('\n').filter((line) => line !== '');
    for (const line of lines) process.stdout.write(`${line}\n`);
    return answer(response, { requestId, logged: lines.length });
  }
  const lines = linesOf(body);
  if (!lines) {
    const detail = `The body is JSON with one field: {"lines": ["…"]}, at most ${maxLines} strings.`;
    problem(response, 400, 'The request is refused', detail, requestId);
    return;
  }
  for (const line of lines) log('INFO', line, { requestId });
  answer(response, { requestId, logged: lines.length });
}

function linesOf(body: string): readonly string[] | undefined {
  try {
    const parsed = JSON.parse(body) as unknown;
    if (typeof parsed !== 'object' || parsed === null || !('lines' in parsed)) return undefined;
    const { lines } = parsed;
    const isLines = Array.isArray(lines) && lines.length <= maxLines && lines.every((line) => typeof line === 'string');
    return isLines ? lines : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** RFC 9457. */
function problem(response: ServerResponse, status: number, title: string, detail: string, requestId: string): void {
  const details = { type: 'about:blank', title, status, detail, requestId };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(details));
}
