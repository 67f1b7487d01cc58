import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StartedProcess, start } from '../processes.ts';
import { startKinesisSink } from './kinesis-sink.ts';
import { launcher } from './layer.ts';

/** An event of the Telemetry API. */
export interface TelemetryEvent {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

export const telemetryEvent = (type: string, record: unknown): TelemetryEvent => ({
  time: new Date().toISOString(),
  type,
  record,
});

/** The built extension, and the least Lambda and Kinesis that keep it going. */
export interface HostedExtension {
  readonly process: StartedProcess;
  /** Resolves, when it has asked to be registered, with the milliseconds since its process was started. */
  registered(): Promise<number>;
  /** Resolves, when it waits for its first event, with the milliseconds since its process was started. */
  firstWaiting(): Promise<number>;
  /** Resolves when it waits for its next event. */
  waiting(): Promise<void>;
  /** Gives it an event of the Extensions API. */
  event(event: object): Promise<void>;
  /** Posts a telemetry request; resolves when the extension has taken it. */
  deliver(body: Buffer): Promise<void>;
  /** Records that reached Kinesis. */
  records(): number;
  /** PUT payload units that Kinesis bills for them. */
  payloadUnits(): number;
  end(): Promise<void>;
}

export interface HostOptions {
  /** Default: the layer's. */
  readonly launcher?: string;
  /** Environment variables beside those of every extension. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Counts payload units. */
  readonly weigh?: boolean;
}

export async function hostExtension(options: HostOptions = {}): Promise<HostedExtension> {
  const kinesis = await startKinesisSink(options.weigh);
  const registered = Promise.withResolvers<number>();
  const firstWaiting = Promise.withResolvers<number>();
  let next = Promise.withResolvers<ServerResponse>();
  let listener = '';
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    switch (request.url) {
      case '/2020-01-01/extension/register':
        registered.resolve(performance.now() - begin);
        response.setHeader('lambda-extension-identifier', '11111111-1111-4111-8111-111111111111');
        return response.end('{"functionName":"bench","functionVersion":"1","handler":"handler.handler"}');
      case '/2022-07-01/telemetry':
        listener = JSON.parse(body).destination.URI;
        return response.end('"OK"');
      case '/2020-01-01/extension/event/next':
        firstWaiting.resolve(performance.now() - begin);
        return next.resolve(response);
      default:
        return response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const begin = performance.now();
  const process = start('/bin/sh', [options.launcher ?? launcher], {
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: kinesis.endpoint,
    STACKYARD_TELEMETRY_STREAM: 'bench',
    ...options.variables,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  return {
    process,
    registered: () => Promise.race([registered.promise, process.failed]),
    firstWaiting: () => Promise.race([firstWaiting.promise, process.failed]),
    async waiting() {
      await Promise.race([next.promise, process.failed]);
    },
    async event(event) {
      const response = await next.promise;
      next = Promise.withResolvers();
      response.end(JSON.stringify(event));
    },
    deliver: (body) =>
      new Promise((resolve, reject) => {
        const url = new URL(listener);
        // What Lambda calls sandbox.localdomain.
        url.hostname = '127.0.0.1';
        const headers = { 'content-type': 'application/json', 'content-length': body.length };
        const sent = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
          response.resume().on('end', resolve);
        });
        sent.on('error', reject);
        sent.end(body);
      }),
    records: () => kinesis.records,
    payloadUnits: () => kinesis.payloadUnits,
    async end() {
      await process.kill();
      agent.destroy();
      server.closeAllConnections();
      server.close();
      kinesis.close();
    },
  };
}
