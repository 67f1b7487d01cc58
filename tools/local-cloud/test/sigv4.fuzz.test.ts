import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyLookup, verifySignature } from '../src/endpoint/sigv4.ts';
import type { RawRequest } from '../src/service.ts';
import { now, rawRequest, signed } from './sigv4-requests.ts';

const keys: KeyLookup = () => ({ secretAccessKey: 'secret' });

const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => text !== '.' && text !== '..');
/** As the SDK encodes a label of a path. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const requests = fc.record({
  service: fc.constantFrom('kinesis', 'lambda', 's3'),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.map(encoded).join('/')}`),
  query: fc.dictionary(segment, fc.string({ unit: 'grapheme', maxLength: 8 }), { maxKeys: 4 }),
  body: fc.string({ unit: 'grapheme', maxLength: 40 }),
});

test('whatever the SDK signs is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      expect(verifySignature(await signed(request), now, keys)?.service).toBe(request.service);
    }),
  );
});

/** Each changes one thing that a signature covers. */
const mutations: Record<string, (request: RawRequest, extra: string) => RawRequest> = {
  method: (request) => ({ ...request, method: request.method === 'GET' ? 'DELETE' : 'GET' }),
  path: (request, extra) =>
    at(request, `${request.path}${request.path.endsWith('/') ? '' : '/'}${extra}${query(request)}`),
  query: (request, extra) => at(request, `${request.url}${request.url.includes('?') ? '&' : '?'}added=${extra}`),
  body: (request, extra) => ({ ...request, body: Buffer.concat([request.body, Buffer.from(extra)]) }),
  host: (request, extra) => withHeader(request, 'host', `${extra}.example`),
  date: (request) => withHeader(request, 'x-amz-date', '20260101T120001Z'),
  region: (request) => inAuthorization(request, '/us-east-1/', '/eu-west-1/'),
  service: (request) => inAuthorization(request, /\/(kinesis|lambda|s3)\//, '/dynamodb/'),
  signature: (request) =>
    inAuthorization(request, /Signature=(.)/, (_, digit: string) => `Signature=${digit === '0' ? '1' : '0'}`),
};

test('no change to a signed request goes unnoticed', async () => {
  await fc.assert(
    fc.asyncProperty(
      requests,
      fc.constantFrom(...Object.keys(mutations)),
      fc.stringMatching(/^[a-z0-9]{1,6}$/),
      async (request, name, extra) => {
        const changed = mutations[name]?.(await signed(request), extra) as RawRequest;
        expect(() => verifySignature(changed, now, keys)).toThrow();
      },
    ),
    { numRuns: 300 },
  );
});

function at(request: RawRequest, url: string): RawRequest {
  return { ...rawRequest(request.method, url, request.headers), body: request.body };
}

function query({ url }: RawRequest): string {
  return url.includes('?') ? url.slice(url.indexOf('?')) : '';
}

function withHeader(request: RawRequest, name: string, value: string): RawRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function inAuthorization(
  request: RawRequest,
  from: string | RegExp,
  to: string | ((match: string, digit: string) => string),
): RawRequest {
  const header = String(request.headers.authorization);
  return withHeader(
    request,
    'authorization',
    typeof to === 'string' ? header.replace(from, to) : header.replace(from, to),
  );
}
