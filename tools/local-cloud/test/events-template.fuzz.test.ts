import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../src/event-patterns/json.ts';
import { fillTemplate, isTemplate, placeholdersOf } from '../src/services/events/input-template.ts';
import { readJsonPath } from '../src/services/events/json-path.ts';

const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

test('a JSON template gives the values themselves, whatever they are', () => {
  fc.assert(
    fc.property(value, fc.string(), (given, text) => {
      const filled = fillTemplate('{"value": <value>, "text": "it is <text>!"}', (name) => ({
        value: name === 'value' ? given : text,
      }));
      expect(JSON.parse(filled)).toEqual({ value: JSON.parse(JSON.stringify(given)), text: `it is ${text}!` });
    }),
  );
});

test('a template is refused or filled, and never fails', () => {
  const part = fc.constantFrom('<a>', '"', '\\', '{', '}', '[', ']', ':', ',', '\n', 'x', ' ', '<', '>');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.string(), (parts, text) => {
      const template = parts.join('');
      const variable = { value: text };
      if (isTemplate(template)) expect(placeholdersOf(fillTemplate(template, () => ({ value: '' })))).toEqual([]);
      expect(typeof fillTemplate(template, () => variable)).toBe('string');
    }),
  );
});

test('a path finds what is at its end', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,5}$/);
  const step = fc.oneof(name, fc.nat({ max: 3 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 5 }), value, (steps, leaf) => {
      const event = steps.reduceRight<Json>(
        (inner, one) => (typeof one === 'number' ? [...Array<Json>(one).fill(null), inner] : { [one]: inner }),
        leaf,
      );
      const path = steps.map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`)).join('');
      expect(readJsonPath(`$${path}`)?.(event)).toEqual(leaf);
    }),
  );
});

test.each(['detail', '$detail', '$..a', "$['a']", '$.a[', '$.a[-1]', '$.a[?(@.b)]', ''])(
  'refuses the path %s',
  (path) => {
    expect(readJsonPath(path)).toBeUndefined();
  },
);
