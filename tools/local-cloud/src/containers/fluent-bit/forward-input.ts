import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { decodeMultiStream, ExtensionCodec } from '@msgpack/msgpack';
import type { EventTime, LogEvent, LogRecord } from './event.ts';
import type { Log } from './log.ts';
import type { Properties } from './properties.ts';

export interface Input {
  /** Takes no new connections and resolves when those there are have been read to their end, or shortly after. */
  close(): Promise<void>;
}

/** "Forward Protocol Specification v1": EventTime is extension 0. */
const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: () => null,
  decode(data): EventTime {
    const bytes = Buffer.from(data);
    return { seconds: bytes.readUInt32BE(0), nanoseconds: bytes.readUInt32BE(4) };
  },
});

/** How long connections that their other side keeps open are still read when the input closes. */
const lingerMs = 250;

/** "Forward", Fluent Bit manual: the protocol's modes Message and Forward, on a socket or a port. */
export async function startForwardInput(
  properties: Properties,
  root: string,
  onEvent: (event: LogEvent) => void,
  log: Log,
): Promise<Input> {
  const sockets = new Set<Promise<void>>();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const read = readEvents(socket, onEvent)
      .catch((error: Error) => log('error', `[in_fw] ${error.message}`))
      .finally(() => {
        socket.destroy();
        open.delete(socket);
        sockets.delete(read);
      });
    sockets.add(read);
  });
  await listen(server, properties, root);
  return {
    async close() {
      server.close();
      const linger = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, lingerMs);
      await Promise.all(sockets);
      clearTimeout(linger);
    },
  };
}

async function listen(server: Server, properties: Properties, root: string): Promise<void> {
  const path = properties.text('unix_path');
  if (path === undefined) server.listen(properties.number('port', 24_224), properties.text('listen') ?? '0.0.0.0');
  else {
    await unlink(join(root, path)).catch(() => undefined);
    server.listen(join(root, path));
  }
  await once(server, 'listening');
}

async function readEvents(socket: Socket, onEvent: (event: LogEvent) => void): Promise<void> {
  for await (const message of decodeMultiStream(socket, { extensionCodec: codec })) {
    if (!Array.isArray(message) || typeof message[0] !== 'string')
      throw new Error('a message that is not of the forward protocol');
    const [tag, second, third] = message as [string, unknown, unknown];
    const entries = Array.isArray(second) ? (second as [unknown, unknown][]) : [[second, third] as const];
    for (const [time, record] of entries) onEvent({ tag, time: readTime(time), record: record as LogRecord });
  }
}

function readTime(time: unknown): EventTime {
  if (typeof time === 'number') return { seconds: Math.floor(time), nanoseconds: 0 };
  return time as EventTime;
}
