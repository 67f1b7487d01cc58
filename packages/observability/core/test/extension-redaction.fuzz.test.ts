import type { Content } from '@stackyard/log-records/read-event';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedaction } from '../src/extension/redaction.ts';

const redact = createRedaction(['password', 'api.key', 'Authorization']);
const content = (message: unknown, attributes?: Readonly<Record<string, unknown>>): Content => ({
  time: '2026-01-01T00:00:00.000Z',
  level: 'INFO',
  message,
  source: 'function',
  ...(attributes ? { attributes } : {}),
});

describe('values of objects', () => {
  test('are redacted under the configured keys, at any depth, and nothing else is', () => {
    const attributes = {
      user: 'ann',
      PassWord: 'a',
      nested: [{ 'api.key': 1, passwords: 2 }, { deep: { password: {} } }],
    };
    expect(redact(content({ password: ['a', 'b'], id: 7 }, attributes))).toEqual(
      content(
        { password: '[REDACTED]', id: 7 },
        {
          user: 'ann',
          PassWord: '[REDACTED]',
          nested: [{ 'api.key': '[REDACTED]', passwords: 2 }, { deep: { password: '[REDACTED]' } }],
        },
      ),
    );
  });

  test('are left as they are where no key is one of those', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(redact(content(value))).toEqual(content(value));
      }),
    );
  });
});

describe('values in text', () => {
  test.each([
    ['sign in with password=hunter2, twice', 'sign in with password=[REDACTED], twice'],
    ['?password=hunter2&id=7', '?password=[REDACTED]&id=7'],
    ['PASSWORD: hunter2', 'PASSWORD: [REDACTED]'],
    ['authorization: Bearer abc.def-g rest', 'authorization: Bearer [REDACTED] rest'],
    ["{ password: 'a \\' b', id: 7 }", "{ password: '[REDACTED]', id: 7 }"],
    ['body {"password": "a \\" b", "id": 7}', 'body {"password": "[REDACTED]", "id": 7}'],
    ['body {"password":1234,"id":7}', 'body {"password":"[REDACTED]","id":7}'],
    ['body {\\"password\\":\\"a b\\",\\"id\\":7}', 'body {\\"password\\":\\"[REDACTED]\\",\\"id\\":7}'],
    ['cut {"password":"abc', 'cut {"password":"[REDACTED]'],
    ['api.key=a apixkey=b my_password=c', 'api.key=[REDACTED] apixkey=b my_password=c'],
    ['a password is needed', 'a password is needed'],
  ])('%s', (text, expected) => {
    expect(redact(content(text)).message).toBe(expected);
  });

  test('of JSON are redacted whatever they are, and the rest is what it was', () => {
    const secret = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(secret, fc.integer(), (password, id) => {
        const text = redact(content(`got ${JSON.stringify({ before: id, password, id })}`)).message as string;
        expect(JSON.parse(text.slice('got '.length))).toEqual({ before: id, password: '[REDACTED]', id });
      }),
    );
  });
});
