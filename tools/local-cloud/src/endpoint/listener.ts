import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { refuseConnection } from './malformed.ts';

/** What an HTTP/2 client with prior knowledge sends first (RFC 9113, section 3.4). */
const http2Preface = Buffer.from('PRI * HTTP/2.0');

/** For so long a connection may stand without a word, as Node's own limit for headers. */
const longestSilence = 60_000;

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
  http1.on('clientError', (error, socket) => refuseConnection(socket, error));
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
    const hangUp = () => socket.destroy();
    socket.setTimeout(longestSilence, hangUp);
    let first = Buffer.alloc(0);
    socket.on('readable', function choose() {
      const chunk: Buffer | null = socket.read();
      if (!chunk) return;
      first = Buffer.concat([first, chunk]);
      const known = first.subarray(0, http2Preface.length);
      // TCP may cut anywhere: what can still become the preface is waited for.
      if (known.length < http2Preface.length && http2Preface.subarray(0, known.length).equals(known)) return;
      socket.off('readable', choose);
      // With 0, the callback is taken off again.
      socket.setTimeout(0, hangUp);
      socket.unshift(first);
      (known.equals(http2Preface) ? http2 : http1).emit('connection', socket);
    });
  });
  return {
    server,
    closeConnections() {
      for (const socket of open) socket.destroy();
    },
  };
}
