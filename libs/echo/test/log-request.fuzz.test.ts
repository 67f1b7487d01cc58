import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestError } from '../src/errors.ts';
import { formats, parseLogRequest } from '../src/log-request.ts';
import { post } from './events.ts';

test('every valid request comes back as it was sent', () => {
  const valid = fc.record({
    lines: fc.array(fc.string({ unit: 'binary' })),
    format: fc.constantFrom(...formats),
    afterResponseMs: fc.integer({ min: 0, max: 60_000 }),
  });
  fc.assert(
    fc.property(valid, (body) => {
      expect(parseLogRequest(post(body))).toEqual(body);
    }),
  );
});

test('any other body is refused by a RequestError and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      try {
        parseLogRequest(post(body));
      } catch (error) {
        expect(error).toBeInstanceOf(RequestError);
      }
    }),
  );
});
