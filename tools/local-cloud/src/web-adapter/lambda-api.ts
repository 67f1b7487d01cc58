import { type IncomingMessage, request } from 'node:http';
import { readAll, send } from './http.ts';

/** An invocation as the Runtime API hands it out. */
export interface Invocation {
  readonly requestId: string;
  readonly event: Buffer;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string | undefined;
  /** JSON. */
  readonly clientContext: string | undefined;
}

export interface LambdaApi {
  /** Registers an extension that wants no events, and waits for one that never comes, as every extension has to. */
  register(name: string): Promise<void>;
  next(): Promise<Invocation>;
  respond(requestId: string, payload: string): Promise<void>;
  /** Streams an HTTP response: a prelude in JSON, eight zero bytes, the body. */
  stream(requestId: string, prelude: string, body: IncomingMessage): Promise<void>;
  fail(requestId: string, errorMessage: string): Promise<void>;
}

const streamedResponse = 'application/vnd.awslambda.http-integration-response';

/** `address` is AWS_LAMBDA_RUNTIME_API. */
export function createLambdaApi(address: string): LambdaApi {
  const [host = '', port = ''] = address.split(':');
  const invocation = '/2018-06-01/runtime/invocation';

  async function post(path: string, body: string, headers = {}): Promise<IncomingMessage> {
    const answer = await send({ host, port, method: 'POST', path, headers, body });
    const text = await readAll(answer);
    if ((answer.statusCode ?? 500) >= 300) throw new Error(`${path} was answered ${answer.statusCode}: ${text}`);
    return answer;
  }

  return {
    async register(name) {
      const answer = await post('/2020-01-01/extension/register', '{"events":[]}', { 'lambda-extension-name': name });
      const headers = { 'lambda-extension-identifier': answer.headers['lambda-extension-identifier'] };
      send({ host, port, method: 'GET', path: '/2020-01-01/extension/event/next', headers }).catch(() => {
        // The connection ends with the environment.
      });
    },
    async next() {
      const answer = await send({ host, port, method: 'GET', path: `${invocation}/next` });
      const header = (name: string) => answer.headers[`lambda-runtime-${name}`]?.toString();
      return {
        event: await readAll(answer),
        requestId: header('aws-request-id') ?? '',
        deadlineMs: Number(header('deadline-ms')),
        functionArn: header('invoked-function-arn') ?? '',
        traceId: header('trace-id'),
        clientContext: header('client-context'),
      };
    },
    async respond(requestId, payload) {
      await post(`${invocation}/${requestId}/response`, payload, { 'content-type': 'application/json' });
    },
    stream(requestId, prelude, body) {
      return new Promise((resolve, reject) => {
        const headers = {
          'content-type': streamedResponse,
          'lambda-runtime-function-response-mode': 'streaming',
          'transfer-encoding': 'chunked',
          trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
        };
        const path = `${invocation}/${requestId}/response`;
        const outgoing = request({ host, port, method: 'POST', path, headers }, (answer) => {
          answer.resume();
          answer.on('end', resolve);
        });
        outgoing.on('error', reject);
        outgoing.write(Buffer.concat([Buffer.from(prelude), Buffer.alloc(8)]));
        body.pipe(outgoing, { end: false });
        body.on('end', () => outgoing.end());
        body.on('error', (error) => {
          const details = Buffer.from(JSON.stringify({ errorType: 'Error', errorMessage: error.message }));
          outgoing.addTrailers({
            'Lambda-Runtime-Function-Error-Type': 'Runtime.StreamError',
            'Lambda-Runtime-Function-Error-Body': details.toString('base64'),
          });
          outgoing.end();
        });
      });
    },
    async fail(requestId, errorMessage) {
      const headers = { 'lambda-runtime-function-error-type': 'Runtime.Unknown' };
      await post(`${invocation}/${requestId}/error`, JSON.stringify({ errorType: 'Error', errorMessage }), headers);
    },
  };
}
