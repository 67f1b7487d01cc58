import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filtered } from '../src/services/ec2/describe.ts';
import { conditionsHold, type Seen } from '../src/services/elasticloadbalancing/conditions.ts';

const request = (path: string): Seen => ({
  method: 'GET',
  host: 'shop.example.com',
  path,
  query: new URLSearchParams(),
  source: '127.0.0.1',
  header: () => [],
});

const holds = (pattern: string, path: string) =>
  conditionsHold([{ Field: 'path-pattern', Values: [pattern] }], request(path));

const literal = fc.string().map((text) => text.replace(/[*?\\]/g, '_'));

test('a path without wildcards is its own pattern, and no other’s', () => {
  fc.assert(
    fc.property(literal, literal, (one, other) => {
      expect(holds(one, one)).toBe(true);
      expect(holds(one, other)).toBe(one === other);
    }),
  );
});

test('a star stands for any text between what surrounds it', () => {
  fc.assert(
    fc.property(literal, fc.string(), literal, (before, between, after) => {
      expect(holds(`${before}*${after}`, before + between + after)).toBe(true);
    }),
  );
});

test('a pattern full of stars is answered at once', () => {
  const started = performance.now();
  expect(holds(`${'*a'.repeat(60)}b`, 'a'.repeat(20_000))).toBe(false);
  // An engine that goes back at every star would not end today.
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a filter of EC2 finds a text by itself, whatever characters it has, once they are escaped', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const Values = [one.replace(/[\\*?]/g, '\\$&')];
      const found = filtered([{ name: one }, { name: other }], [{ Name: 'name', Values }], {
        name: ({ name }) => name,
      });
      expect(found).toEqual(one === other ? [{ name: one }, { name: one }] : [{ name: one }]);
    }),
  );
});
