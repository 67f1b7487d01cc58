import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a sandbox API. */
export interface ApiRoute {
  readonly method: string;
  /** Matched against the whole path; its groups are handed on. */
  readonly path: RegExp;
  handle(request: IncomingMessage, response: ServerResponse, groups: readonly string[]): void | Promise<void>;
}

/** The HTTP server behind AWS_LAMBDA_RUNTIME_API, on a free port of the loopback interface. */
export interface ApiServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Cuts all connections. */
  close(): Promise<void>;
}

export async function startApiServer(routes: readonly ApiRoute[]): Promise<ApiServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    for (const route of routes) {
      const match = route.method === request.method ? route.path.exec(path) : null;
      if (!match) continue;
      Promise.resolve(route.handle(request, response, match.slice(1))).catch((error: Error) => {
        if (!response.headersSent) answerError(response, 500, 'InternalServerError', error.message);
        else response.destroy();
      });
      return;
    }
    request.resume();
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
  });
  // Calls wait as long as the environment is idle or frozen.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers })
    .end(text);
}

/** 202 as the sandbox APIs acknowledge reports. */
export function answerAccepted(response: ServerResponse): void {
  answerJson(response, 202, { status: 'OK' });
}

export function answerError(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  answerJson(response, status, { errorMessage, errorType });
}

/** Reads a body to its end. With `limit`, what goes beyond is counted and thrown away. */
export async function readBody(
  request: IncomingMessage,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ body: Buffer; bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), bytes };
}
