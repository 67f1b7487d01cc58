import { afterEach, expect, test, vi } from 'vitest';
import { apiUrl } from '../src/api-url.ts';

afterEach(() => vi.unstubAllEnvs());

const output = 'https://abc123.execute-api.eu-west-1.amazonaws.com/dev/orders?size=1';

test('on AWS an output is the address', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  expect(apiUrl(output)).toBe(output);
});

test('the embedded cloud serves the same API on its port', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
  expect(apiUrl(output)).toBe('http://127.0.0.1:4566/execute-api/abc123/dev/orders?size=1');
  expect(apiUrl('http://127.0.0.1:4566/lambda-url/x/')).toBe('http://127.0.0.1:4566/lambda-url/x/');
});
