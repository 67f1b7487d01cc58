import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * A plain HTTP server, which runs anywhere.
 *
 * - `GET /health`: 204, ready for requests.
 * - `POST /lines`: prints each line of its text as it is, and answers with their number.
 * - `POST /crash`: fails as a bug would let it, outside of any error handling.
 */
export function createApp(): Server {
  return createServer((request, response) => {
    serve(request, response).catch((error: Error) => {
      console.error(error.stack);
      if (!response.headersSent) problem(response, 500, 'The request failed', error.message);
      else response.destroy();
    });
  });
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  switch (`${request.method} ${path}`) {
    case 'GET /health':
      response.writeHead(204).end();
      return;
    case 'POST /lines':
      return printLines(request, response);
    case 'POST /crash':
      setImmediate(() => {
        throw new Error('A bug outside of any error handling');
      });
      return;
    default:
      problem(
        response,
        404,
        'There is nothing here',
        `${request.method} ${path} is none of POST /lines, POST /crash, GET /health.`,
      );
  }
}

async function printLines(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const lines = Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) console.log(line);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ printed: lines.length }));
}

/** RFC 9457. */
function problem(response: ServerResponse, status: number, title: string, detail: string): void {
  const details = { type: 'about:blank', title, status, detail };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(details));
}
