import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../errors.ts';
import { equal, sha256 } from './digest.ts';

/** A body taken out of its `aws-chunked` framing. */
export interface Unchunked {
  readonly body: Buffer;
  /** Headers sent after the body, lower-cased: `x-amz-checksum-crc32`, without the trailer's own signature. */
  readonly trailers: Readonly<Record<string, string>>;
}

interface Chunk {
  readonly data: Buffer;
  readonly signature: string | undefined;
}

/**
 * Undoes `aws-chunked` framing. Throws `IncompleteBody` for broken framing and for a body that is not as long as
 * `x-amz-decoded-content-length` says. Trailing checksums are for S3 to compare, like those sent as headers
 * ("Signature calculations for trailing headers", Amazon S3 API Reference).
 */
export function unchunk(framed: Buffer, headers: IncomingHttpHeaders): Unchunked {
  const { chunks, trailers } = readFrames(framed);
  const body = Buffer.concat(chunks.map((chunk) => chunk.data));
  const stated = headers['x-amz-decoded-content-length'];
  if (stated !== undefined && Number(stated) !== body.length) throw incompleteBody();
  return { body, trailers: Object.fromEntries(trailers.filter(([name]) => name !== 'x-amz-trailer-signature')) };
}

/**
 * Whether each chunk's signature, and the trailer's, continues the chain that the request's own signature begins
 * ("Signature calculations for the Authorization header: transferring payload in multiple chunks").
 */
export function verifyChunks(
  framed: Buffer,
  seed: { readonly date: string; readonly scope: string; readonly signature: string },
  sign: (stringToSign: string) => string,
): boolean {
  const { chunks, trailers } = readFrames(framed);
  let previous = seed.signature;
  for (const { data, signature } of chunks) {
    const lines = ['AWS4-HMAC-SHA256-PAYLOAD', seed.date, seed.scope, previous, sha256(''), sha256(data)];
    if (signature === undefined || !equal(signature, sign(lines.join('\n')))) return false;
    previous = signature;
  }
  if (trailers.length === 0) return true;
  const signature = trailers.find(([name]) => name === 'x-amz-trailer-signature')?.[1];
  const signed = trailers
    .filter(([name]) => name !== 'x-amz-trailer-signature')
    .map(([name, value]) => `${name}:${value}\n`);
  const lines = ['AWS4-HMAC-SHA256-TRAILER', seed.date, seed.scope, previous, sha256(signed.join(''))];
  return signature !== undefined && equal(signature, sign(lines.join('\n')));
}

function readFrames(framed: Buffer): { chunks: Chunk[]; trailers: [string, string][] } {
  const chunks: Chunk[] = [];
  let at = 0;
  for (;;) {
    const [line, next] = lineAt(framed, at);
    const [, size, signature] = /^([0-9a-fA-F]+)(?:;chunk-signature=([0-9a-f]+))?$/.exec(line) ?? [];
    if (size === undefined) throw incompleteBody();
    const length = Number.parseInt(size, 16);
    const data = framed.subarray(next, next + length);
    if (data.length < length) throw incompleteBody();
    chunks.push({ data, signature });
    at = next + length;
    if (length === 0) return { chunks, trailers: readTrailers(framed.subarray(at)) };
    if (framed.toString('latin1', at, at + 2) !== '\r\n') throw incompleteBody();
    at += 2;
  }
}

function readTrailers(rest: Buffer): [string, string][] {
  return rest
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      if (colon < 0) throw incompleteBody();
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    });
}

function lineAt(framed: Buffer, at: number): [string, number] {
  const end = framed.indexOf('\r\n', at, 'latin1');
  if (end < 0) throw incompleteBody();
  return [framed.toString('latin1', at, end), end + 2];
}

function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
    { status: 400 },
  );
}
