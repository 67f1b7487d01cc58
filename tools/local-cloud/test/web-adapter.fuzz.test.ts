import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functionUrlResponse } from '../src/services/lambda/function-url-response.ts';
import type { Invocation } from '../src/web-adapter/lambda-api.ts';
import { requestOf } from '../src/web-adapter/request.ts';
import { gatewayResponse } from '../src/web-adapter/response.ts';
import { readSettings } from '../src/web-adapter/settings.ts';

const settings = readSettings({});

function invocationOf(event: unknown): Invocation {
  return {
    requestId: 'request',
    event: Buffer.from(JSON.stringify(event)),
    deadlineMs: 1,
    functionArn: 'arn',
    traceId: undefined,
    clientContext: undefined,
  };
}

test('the bytes of a body reach the server as they were sent', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const event = {
        rawPath: '/',
        requestContext: { http: { method: 'POST' } },
        body: Buffer.from(bytes).toString('base64'),
        isBase64Encoded: true,
      };
      expect(requestOf(invocationOf(event), settings, {}).body).toEqual(Buffer.from(bytes));
    }),
  );
});

test('whatever the event says, its contexts fit into headers', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (functionName, extra) => {
      const event = { rawPath: '/', requestContext: { http: { method: 'GET' }, extra } };
      const { headers } = requestOf(invocationOf(event), settings, { AWS_LAMBDA_FUNCTION_NAME: functionName });
      const [request, lambda] = [headers['x-amzn-request-context'], headers['x-amzn-lambda-context']].map(String);
      for (const value of [request, lambda]) expect(value).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(request ?? '')).toEqual(JSON.parse(JSON.stringify(event.requestContext)));
      expect(JSON.parse(lambda ?? '').env_config.function_name).toBe(functionName);
    }),
  );
});

test('the bytes of an answer reach the caller as the server sent them, if they are what its content type says', async () => {
  const text = fc.record({
    type: fc.constantFrom('text/plain', 'application/json; charset=utf-8', 'application/problem+json', undefined),
    body: fc.string({ unit: 'grapheme' }).map((value) => Buffer.from(value)),
  });
  const binary = fc.record({
    type: fc.constantFrom('image/png', 'application/octet-stream'),
    body: fc.uint8Array().map((value) => Buffer.from(value)),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, binary), fc.integer({ min: 200, max: 599 }), async ({ type, body }, status) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const payload = Buffer.from(gatewayResponse({ status, headers, body }));
      const answer = await functionUrlResponse({ payload }, false);
      expect(answer.status).toBe(status);
      expect(Buffer.from(answer.body as string | Uint8Array)).toEqual(body);
    }),
  );
});

test('status codes are read as the lists and ranges that say them', () => {
  const status = fc.integer({ min: 100, max: 599 });
  const part = fc.oneof(
    status.map((code): [number, number] => [code, code]),
    fc.tuple(status, status),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), status, (parts, code) => {
      const list = parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
      const { isError } = readSettings({ AWS_LWA_ERROR_STATUS_CODES: list });
      expect(isError(code)).toBe(parts.some(([from, to]) => code >= from && code <= to));
    }),
  );
});

test('a setting that cannot be read is named, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((value) => !/^\s*[1-9]\d\d(-[1-9]\d\d)?\s*(,\s*[1-9]\d\d(-[1-9]\d\d)?\s*)*$/.test(value)),
      (value) => {
        expect(() => readSettings({ AWS_LWA_ERROR_STATUS_CODES: value })).toThrow('AWS_LWA_ERROR_STATUS_CODES');
      },
    ),
  );
});
