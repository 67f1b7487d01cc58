import { connect, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';

export interface ForwardSender {
  /** Sends a message, or keeps it until there is somebody who takes it. */
  send(message: Uint8Array): void;
  /** Ends the connection once the router has read all; resolves with the number of messages that it did not get. */
  close(): Promise<number>;
}

const reconnectMs = 100;
/** How long an ended container's lines wait for a router that is not there, and for one that is there and reads them. */
const connectMs = 15_000;
const drainMs = 30_000;

/** Sends messages in their order to a socket, at most `limit` of them waiting, over a connection that is made again when it breaks. */
export function createForwardSender(path: string, limit: number, clock: Clock): ForwardSender {
  let waiting: Uint8Array[] = [];
  let dropped = 0;
  let closed = false;
  let late = false;
  let socket: Socket | undefined;
  const idle = Promise.withResolvers<void>();

  function open(): void {
    const next = connect(path);
    socket = next;
    next.once('connect', flush);
    next.on('error', () => undefined);
    next.once('close', () => {
      socket = undefined;
      if (closed && (late || waiting.length === 0)) idle.resolve();
      else clock.after(reconnectMs, open);
    });
  }

  function flush(): void {
    // Lines come in the time between a connection's failure and its 'close', too: what is written then goes nowhere.
    if (socket?.readyState !== 'open') return;
    const messages = waiting;
    waiting = [];
    if (messages.length > 0) {
      socket.write(Buffer.concat(messages), (error) => {
        if (error) waiting = [...messages, ...waiting];
      });
    }
    // The router has read everything once it has closed its side.
    if (closed) socket.end();
  }

  open();
  return {
    send(message) {
      if (waiting.length >= limit) dropped += 1;
      else waiting.push(message);
      flush();
    },
    async close() {
      closed = true;
      flush();
      const cancelConnect = clock.after(connectMs, () => {
        late = true;
        if (socket?.readyState !== 'open') idle.resolve();
      });
      const cancelDrain = clock.after(drainMs, idle.resolve);
      await idle.promise;
      cancelConnect();
      cancelDrain();
      socket?.destroy();
      return dropped + waiting.length;
    },
  };
}
