import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawRequest } from '../src/service.ts';
import { functionUrlEvent } from '../src/services/lambda/function-url-event.ts';
import { functionUrlResponse } from '../src/services/lambda/function-url-response.ts';

const request = {
  urlId: 'abc',
  region: 'us-east-1',
  rawPath: '/',
  requestId: 'id',
  traceId: 'Root=1-0-0;Parent=0;Sampled=0',
  time: 0,
  caller: undefined,
};

function raw(changes: Partial<RawRequest>): RawRequest {
  const url = changes.url ?? '/';
  return {
    method: 'POST',
    url,
    path: '/',
    query: new URLSearchParams(url.split('?')[1] ?? ''),
    headers: {},
    rawHeaders: [],
    sourceIp: '127.0.0.1',
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
    ...changes,
  };
}

test('whatever the bytes and the content type, the function can restore the body', () => {
  const types = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/octet-stream',
    'image/svg+xml',
    undefined,
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), types, (bytes, type) => {
      const event = functionUrlEvent(raw({ body: Buffer.from(bytes), headers: { 'content-type': type } }), request);
      const restored = Buffer.from(String(event['body']), event['isBase64Encoded'] ? 'base64' : 'utf8');
      expect(restored.equals(bytes)).toBe(true);
    }),
  );
});

test('every query parameter reaches the function with all its values', () => {
  const parameters = fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { minLength: 1 });
  fc.assert(
    fc.property(parameters, (pairs) => {
      const event = functionUrlEvent(raw({ url: `/?${new URLSearchParams(pairs)}` }), request);
      for (const [name] of pairs) {
        const values = pairs.filter(([other]) => other === name).map(([, value]) => value);
        const found = Object.getOwnPropertyDescriptor(event['queryStringParameters'], name)?.value;
        expect(found).toBe(values.join(','));
      }
    }),
  );
});

test('whatever a function returns, the caller gets an answer HTTP allows', async () => {
  const structured = fc.record(
    { statusCode: fc.jsonValue(), headers: fc.jsonValue(), body: fc.jsonValue(), cookies: fc.jsonValue() },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), structured), async (answer) => {
      const { status, body } = await functionUrlResponse({ payload: Buffer.from(JSON.stringify(answer)) }, false);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThanOrEqual(599);
      expect(typeof body === 'string' || body instanceof Uint8Array).toBe(true);
    }),
  );
});
