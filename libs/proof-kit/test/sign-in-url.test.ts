import { afterEach, expect, test, vi } from 'vitest';
import { signInUrl } from '../src/sign-in-url.ts';

afterEach(() => vi.unstubAllEnvs());

const output = 'https://acme-dev.auth.eu-west-1.amazoncognito.com/oauth2/token';

test('on AWS an output is the address', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined);
  expect(signInUrl(output)).toBe(output);
});

test('the embedded cloud serves the same pages on its port', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
  expect(signInUrl(output)).toBe('http://127.0.0.1:4566/cognito-domain/acme-dev/oauth2/token');
  expect(signInUrl('https://example.com/oauth2/token')).toBe('https://example.com/oauth2/token');
});
