import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conformingName } from '../src/parameter-naming.ts';

const segment = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/);
// Stage and context are among the segments often, to meet names that hold them in every position.
const place = fc.record({ stage: fc.constantFrom('dev', 'prod'), context: fc.constantFrom('orders', 'dev', 'ord') });
const name = fc
  .array(fc.oneof(segment, fc.constantFrom('dev', 'prod', 'orders', 'ord', 'devices')), { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`);

test('a conforming name starts with /{stage}/{context}/ and says something after it', () => {
  fc.assert(
    fc.property(name, place, (original, { stage, context }) => {
      const renamed = conformingName(original, { stage, context });
      expect(renamed.startsWith(`/${stage}/${context}/`)).toBe(true);
      expect(renamed.length).toBeGreaterThan(`/${stage}/${context}/`.length);
      expect(renamed).not.toContain('//');
    }),
  );
});

test('a conforming name is left as it is', () => {
  fc.assert(
    fc.property(name, place, (original, where) => {
      const once = conformingName(original, where);
      expect(conformingName(once, where)).toBe(once);
    }),
  );
});

test('whole segments are kept, in order; only the stage and the context in front are not repeated', () => {
  fc.assert(
    fc.property(name, place, (original, where) => {
      const before = original.split('/').filter(Boolean);
      const after = conformingName(original, where).split('/').filter(Boolean).slice(2);
      const dropped = before.slice(0, before.length - after.length);
      expect(before.slice(before.length - after.length)).toEqual(after);
      expect([[], [where.stage], [where.context], [where.stage, where.context]]).toContainEqual(dropped);
    }),
  );
});

test.each([
  ['/devices/x', '/dev/orders/devices/x'],
  ['/dev/x', '/dev/orders/x'],
  ['/orders/x', '/dev/orders/x'],
  ['x', '/dev/orders/x'],
  ['/dev/orders/x', '/dev/orders/x'],
  ['/dev', '/dev/orders/dev'],
])('%s becomes %s', (original, renamed) => {
  expect(conformingName(original, { stage: 'dev', context: 'orders' })).toBe(renamed);
});
