import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import { http, net } from './built-in.ts';

export interface LambdaAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One call to the environment's APIs. Resolves with any answer; rejects when there is none. */
export type CallLambda = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  headers?: Readonly<Record<string, string>>,
  body?: unknown,
) => Promise<LambdaAnswer>;

/**
 * The environment's APIs at `AWS_LAMBDA_RUNTIME_API` (`host:port`).
 *
 * There is no time limit: the next event may be hours of freeze away. Each call has a connection of its own, because one kept
 * open may be closed by its server just when the next call is written to it.
 */
export function createLambdaApi(runtimeApi: string): CallLambda {
  const [host, port] = runtimeApi.split(':');
  return (method, path, headers = {}, body = undefined) =>
    send({ host, port, path, method, headers, agent: false }, body === undefined ? undefined : JSON.stringify(body));
}

/** The answer to a call that somebody else has written, from the descriptor of the connection. */
export function readAnswer(descriptor: number): Promise<LambdaAnswer> {
  const socket = new (net().Socket)({ fd: descriptor });
  // The call is on its way already: what the HTTP client writes goes nowhere.
  socket._write = (_chunk, _encoding, done) => done();
  socket._writev = (_chunks, done) => done();
  return send({ createConnection: () => socket });
}

function send(options: RequestOptions, body?: string): Promise<LambdaAnswer> {
  return new Promise((resolve, reject) => {
    const call = http().request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
