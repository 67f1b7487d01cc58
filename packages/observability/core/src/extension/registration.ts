import type { Duplex } from 'node:stream';
import { net, stream } from './built-in.ts';
import type { ExtensionEvent } from './extensions-api.ts';

/** "Using the Lambda Extensions API", Lambda guide. */
export const extensionsApi = '/2020-01-01/extension';

/**
 * Sends the call that registers the extension under the launcher's file name for the given events, and resolves when it is on its
 * way. Its answer is to be read from the stream, which takes what is written to it and sends nothing more.
 *
 * Lambda starts the function only after all extensions have registered. This call is written by hand, so that the function
 * doesn't wait for an HTTP client and all the rest to be loaded; who reads the answer has time.
 */
export async function sendRegistration(
  runtimeApi: string,
  name: string,
  events: readonly ExtensionEvent['eventType'][],
): Promise<Duplex> {
  const body = JSON.stringify({ events });
  const head = [
    `POST ${extensionsApi}/register HTTP/1.1`,
    `host: ${runtimeApi}`,
    `lambda-extension-name: ${name}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    'connection: close',
  ];
  const [host, port] = runtimeApi.split(':');
  const socket = net.connect(Number(port ?? 80), host);
  const answer = new stream.Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  socket.on('data', (chunk) => answer.push(chunk));
  socket.on('end', () => answer.push(null));
  socket.on('error', (error) => answer.destroy(error));
  // Whoever reads it is told; until then nobody listens.
  answer.on('error', () => undefined);
  await new Promise((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, resolve));
  return answer;
}
