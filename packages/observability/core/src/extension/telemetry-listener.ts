import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as timePasses } from 'node:timers/promises';
import { dns, http } from './built-in.ts';

const loopback = '127.0.0.1';

export interface TelemetryListener {
  readonly port: number;
  /** Resolves when nothing has come for `ms` from now on, or after `mostMs`. */
  quiet(ms: number, mostMs: number): Promise<void>;
  close(): void;
}

export interface TelemetryConsumer {
  /** Events of one request, in their order. */
  onEvents(events: readonly unknown[]): void;
  /** A body that is no list of events: what is wrong with it. */
  onInvalid(problem: string): void;
}

/**
 * Listens for telemetry on a free port. A request is answered as soon as it has been read, whatever becomes of its events:
 * Lambda drops telemetry whose consumer is slow. A body of more than `mostBytes` is refused unread.
 */
export async function listen(mostBytes: number, consumer: TelemetryConsumer): Promise<TelemetryListener> {
  let lastAt = 0;
  const server = http().createServer((request, response) => {
    readBody(request, mostBytes).then(
      (body) => {
        lastAt = performance.now();
        response.writeHead(body === undefined ? 413 : 200).end();
        if (body === undefined) consumer.onInvalid(`a body of more than ${mostBytes} bytes`);
        else consume(body, consumer);
      },
      () => consumer.onInvalid('a request that ended before its body'),
    );
  });
  // Time that passes in a freeze is nobody's delay.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  const host = await sandboxAddress();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    async quiet(ms, mostMs) {
      const start = performance.now();
      for (let now = start; now < start + mostMs; now = performance.now()) {
        const left = Math.max(start, lastAt) + ms - now;
        if (left <= 0) return;
        await timePasses(Math.min(left, start + mostMs - now));
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Lambda sends telemetry to this name's address. Outside Lambda nobody has the name, and asking may take long. */
async function sandboxAddress(): Promise<string> {
  const address = new Promise<string>((resolve) => {
    dns().lookup('sandbox.localdomain', (error, found) => resolve(error ? loopback : found));
  });
  return Promise.race([address, timePasses(100, loopback, { ref: false })]);
}

/** The body, or undefined when it is larger than `mostBytes`. */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= mostBytes ? Buffer.concat(chunks, bytes) : undefined;
}

function consume(body: Buffer, { onEvents, onInvalid }: TelemetryConsumer): void {
  let events: unknown;
  try {
    events = JSON.parse(body.toString());
  } catch (error) {
    onInvalid(`a body that is not JSON: ${(error as Error).message}`);
    return;
  }
  if (Array.isArray(events)) onEvents(events);
  else onInvalid('a body that is not a JSON array');
}
