import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RawRequest } from '../src/service.ts';

export const now = Date.parse('2026-01-01T12:00:00Z');

class Sha256 {
  private readonly hash;
  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}

interface ToSign {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Signs the URL instead of the headers; seconds. */
  readonly expiresIn?: number;
  /** The host's header over HTTP/2. Default: `host`. */
  readonly hostHeader?: ':authority';
}

/** A request signed by the SDK's own signer, as it would arrive. */
export async function signed(request: ToSign, { sessionToken }: { sessionToken?: string } = {}): Promise<RawRequest> {
  const isS3 = request.service === 's3';
  const signer = new SignatureV4({
    service: request.service,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', ...(sessionToken ? { sessionToken } : {}) },
    // biome-ignore lint/suspicious/noExplicitAny: the signer takes any hash with update and digest.
    sha256: Sha256 as any,
    uriEscapePath: !isS3,
    applyChecksum: isS3,
  });
  const http = {
    method: request.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 4566,
    path: request.path,
    query: request.query ?? {},
    headers: {
      [request.hostHeader ?? 'host']: '127.0.0.1:4566',
      // As S3's presigner does, whose URLs leave the body open.
      ...(isS3 && request.expiresIn !== undefined ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {}),
      ...request.headers,
    },
    body: request.body ?? '',
  };
  const signingDate = new Date(now);
  const result =
    request.expiresIn === undefined
      ? await signer.sign(http, { signingDate })
      : await signer.presign(http, { signingDate, expiresIn: request.expiresIn });
  return rawRequest(request.method, urlOf(request.path, result.query ?? {}), lowerCased(result.headers), request.body);
}

export function rawRequest(method: string, url: string, headers: RawRequest['headers'], body = ''): RawRequest {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return {
    method,
    url,
    path,
    query: new URLSearchParams(query),
    headers,
    rawHeaders: [],
    sourceIp: '127.0.0.1',
    body: Buffer.from(body),
    signal: new AbortController().signal,
  };
}

function urlOf(path: string, query: Record<string, string | readonly string[] | null>): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
