import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

/** What an HTTP/2 client with prior knowledge sends first (RFC 9113, section 3.4). */
const http2Preface = Buffer.from('PRI * HTTP/2.0');

export interface Listener {
  readonly server: Server;
  /** Ends every open connection, so that closing the server does not wait for idle ones. */
  closeConnections(): void;
}

/**
 * HTTP/1.1 and HTTP/2 without TLS on one port: the SDK's Kinesis client speaks HTTP/2 with prior knowledge to an `http:`
 * endpoint, all others HTTP/1.1. The first bytes of a connection tell which it is.
 */
export function createListener(handle: (request: IncomingMessage, response: ServerResponse) => void): Listener {
  const http1 = createHttp1(handle);
  // Longer than any client keeps an idle connection, so that none is closed under a request.
  http1.keepAliveTimeout = 65_000;
  // Node's compatibility layer gives HTTP/2 streams the shape of HTTP/1.1 requests and responses.
  const http2 = createHttp2((request, response) => {
    request.headers.host ??= request.headers[':authority'];
    handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      const chosen = first.subarray(0, http2Preface.length).equals(http2Preface) ? http2 : http1;
      chosen.emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  return {
    server,
    closeConnections() {
      for (const socket of open) socket.destroy();
    },
  };
}
