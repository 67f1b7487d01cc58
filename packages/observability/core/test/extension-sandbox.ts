import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, vi } from 'vitest';
import { type Kinesis, startKinesis } from './extension-kinesis.ts';

const main = fileURLToPath(new URL('../src/extension/main.ts', import.meta.url));

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface SandboxOptions {
  /** The function's environment variables. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Answer to the registration. Default: registered. */
  readonly registering?: { readonly status: number; readonly body: string };
  /** Answer to the subscription. Default: taken. */
  readonly subscribing?: { readonly status: number; readonly body: string };
  /** What is started. Default: the sources. */
  readonly program?: readonly [command: string, ...args: string[]];
}

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

let requests = 0;

/**
 * Starts the extension as Lambda does, beside a function that logs what a test says and a stream that answers as a test says.
 * Resolves when the extension waits for its first event. Everything ends with the test.
 */
export async function startSandbox(options: SandboxOptions = {}) {
  const kinesis = await startKinesis();
  const platform = await startPlatform(options);
  const child = startProcess(options, platform.address, kinesis);
  cleanUps.push(async () => {
    child.process.kill('SIGKILL');
    await child.exit;
    await platform.close();
    await kinesis.close();
  });
  await Promise.race([platform.idle(), child.exit]);

  return {
    kinesis,
    platform,
    exit: child.exit,
    output: child.output,
    signal: (signal: NodeJS.Signals) => child.process.kill(signal),

    /** Begins an invocation; `log` are its lines, `end` lets its runtime finish. */
    begin(timeoutMs = 30_000, traceHeader = '') {
      requests += 1;
      const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
      const tracing = traceHeader ? { tracing: { type: 'X-Amzn-Trace-Id', value: traceHeader } } : {};
      platform.release({ eventType: 'INVOKE', requestId, deadlineMs: Date.now() + timeoutMs, ...tracing });
      const start = platform.deliver([event('platform.start', { requestId, version: '7' })]);
      return {
        requestId,
        async log(...lines: unknown[]) {
          await start;
          await platform.deliver(lines.map((line) => event('function', line)));
        },
        /** Resolves, when the extension asks for the next event, with the milliseconds it took from the runtime's end. */
        async end(): Promise<number> {
          await start;
          const ended = performance.now();
          await platform.deliver([event('platform.runtimeDone', { requestId, status: 'success' })]);
          await platform.idle();
          return performance.now() - ended;
        },
      };
    },

    /** A whole invocation; resolves with how long the extension held it after its end, in milliseconds. */
    async invoke(...lines: unknown[]): Promise<number> {
      const invocation = this.begin();
      await invocation.log(...lines);
      return invocation.end();
    },

    /** SHUTDOWN with Lambda's 2 s; resolves with the exit code. */
    async shutDown(reason = 'SPINDOWN', budgetMs = 2_000): Promise<number | null> {
      platform.release({ eventType: 'SHUTDOWN', shutdownReason: reason, deadlineMs: Date.now() + budgetMs });
      return child.exit;
    },
  };
}

export function event(type: string, record: unknown, time = '2026-01-01T00:00:00.000Z') {
  return { time, type, record };
}

/** Extensions and Telemetry API of one environment with one extension. */
async function startPlatform({
  registering = { status: 200, body: '{"functionName":"orders","functionVersion":"7","handler":"handler.handler"}' },
  subscribing = { status: 200, body: '"OK"' },
}: SandboxOptions) {
  const calls: Call[] = [];
  let waiting: ServerResponse | undefined;
  let whenWaiting: (() => void)[] = [];
  let destination = '';

  const routes: Record<string, (call: Call, response: ServerResponse) => void> = {
    'POST /2020-01-01/extension/register': (_, response) => {
      response.setHeader('lambda-extension-identifier', '11111111-1111-4111-8111-111111111111');
      response.writeHead(registering.status);
      // In chunks: HTTP leaves that to the server.
      response.write(registering.body.slice(0, 9));
      response.end(registering.body.slice(9));
    },
    'PUT /2022-07-01/telemetry': (call, response) => {
      destination = JSON.parse(call.body).destination.URI;
      response.writeHead(subscribing.status).end(subscribing.body);
    },
    'GET /2020-01-01/extension/event/next': (_, response) => {
      waiting = response;
      for (const resolve of whenWaiting) resolve();
      whenWaiting = [];
    },
    'POST /2020-01-01/extension/exit/error': (_, response) => void response.writeHead(202).end(),
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const call: Call = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    calls.push(call);
    routes[`${call.method} ${call.path}`]?.(call, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function post(body: string | Buffer): Promise<number> {
    const url = new URL(destination);
    url.hostname = '127.0.0.1';
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    await response.arrayBuffer();
    return response.status;
  }

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    post,
    deliver: (events: readonly unknown[]) => post(JSON.stringify(events)),
    /** Resolves when the extension waits for an event. */
    idle: () => (waiting ? Promise.resolve() : new Promise<void>((resolve) => whenWaiting.push(resolve))),
    get waits() {
      return waiting !== undefined;
    },
    release(body: unknown) {
      waiting?.end(JSON.stringify(body));
      waiting = undefined;
    },
    /** Ends the waiting call without an event. */
    cut() {
      waiting?.destroy();
      waiting = undefined;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function startProcess(
  { variables, program = [process.execPath, main] }: SandboxOptions,
  runtimeApi: string,
  kinesis: Kinesis,
): { process: ChildProcess; exit: Promise<number | null>; output: { text: string } } {
  const output = { text: '' };
  const [command, ...args] = program;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL: kinesis.url,
      STACKYARD_TELEMETRY_STREAM: 'logs',
      ...variables,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  }
  return { process: child, output, exit: once(child, 'close').then(([code]) => code as number | null) };
}

/** Waits until `check` no longer throws: on a busy machine longer than Vitest's second. */
export const waitFor: typeof vi.waitFor = (check, options) =>
  vi.waitFor(check, { timeout: 60_000, ...(typeof options === 'object' && options) });
