import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Subscription, TcpDestination } from './telemetry-subscription.ts';

/** Where batches go: `send` resolves when the extension has acknowledged one, and rejects when it has not taken it. */
export interface TelemetryDestination {
  /** Events already JSON; a text is sent as it is. */
  send(events: readonly string[] | string): Promise<void>;
  destroy(): void;
}

/** Connects to a destination. Rejects when a TCP listener is not there. */
export async function openDestination(destination: Subscription['destination']): Promise<TelemetryDestination> {
  return destination.protocol === 'HTTP' ? httpDestination(destination) : tcpDestination(destination);
}

function httpDestination({ port, path }: { port: number; path: string }): TelemetryDestination {
  const ended = new AbortController();
  return {
    send(events) {
      const body = typeof events === 'string' ? events : `[${events.join(',')}]`;
      return new Promise((resolve, reject) => {
        const post = request(
          {
            host: '127.0.0.1',
            port,
            path,
            method: 'POST',
            // Each batch has a connection of its own: one kept open would be closed by its server while both are frozen.
            agent: false,
            signal: ended.signal,
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              'sequence-id': createHash('sha256').update(body).digest('base64'),
            },
          },
          (response) => {
            response.resume();
            response.on('error', reject);
            response.on('end', () => {
              const status = response.statusCode ?? 500;
              if (status < 400) resolve();
              else
                reject(new Error(`http request failed with status ${status} ${response.statusMessage ?? ''}`.trim()));
            });
          },
        );
        post.on('error', reject);
        post.end(body);
      });
    },
    destroy: () => ended.abort(),
  };
}

async function tcpDestination({ port }: TcpDestination): Promise<TelemetryDestination> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => {
      reject(new Error(`could not TCP dial provided address 127.0.0.1:${port}: ${error.message}`));
    });
  });
  // A write that fails says so to its own caller.
  socket.on('error', () => {});
  socket.resume();
  return {
    send: (events) =>
      new Promise((resolve, reject) => {
        socket.write(typeof events === 'string' ? events : `${events.join('\n')}\n`, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    destroy: () => socket.destroy(),
  };
}
