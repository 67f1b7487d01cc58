import type { ServerResponse } from 'node:http';
import type { Answer } from '../protocols/protocol.ts';

/** Resets the connection; on HTTP/2 the stream alone, as the service does when it resets one. */
export function resetConnection(response: ServerResponse): void {
  const { stream } = response as { stream?: { close(code: number): void } };
  // 2 = INTERNAL_ERROR (RFC 9113, section 7).
  if (stream) stream.close(2);
  else response.socket?.resetAndDestroy();
}

/** Sends the head and the first half of an answer, of a stream its first piece, and resets the connection. */
export async function sendHalf(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const whole = Buffer.from(body as Uint8Array);
    response.writeHead(status, { 'content-length': whole.byteLength, ...headers });
    response.write(whole.subarray(0, Math.ceil(whole.byteLength / 2)), () => resetConnection(response));
    return;
  }
  response.writeHead(status, headers);
  for await (const piece of body) {
    response.write(piece, () => resetConnection(response));
    return;
  }
}
