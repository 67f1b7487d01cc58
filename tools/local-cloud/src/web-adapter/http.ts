import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';

// A request may wait as long as the environment is frozen: there is no time limit.
const agent = new Agent({ keepAlive: true, timeout: 4_000 });

export interface HttpRequest {
  readonly host: string;
  readonly port: string | number;
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
}

/** Sends a request and resolves with the head of its answer; the body is still to be read. */
export function send({ body, ...options }: HttpRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, agent }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
