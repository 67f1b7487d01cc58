// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub writes its variables so.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cidrBlocks } from '../src/cloudformation/cidr.ts';
import { evaluate } from '../src/cloudformation/evaluate.ts';
import { subTemplate } from '../src/cloudformation/function-syntax.ts';
import { parseTemplate } from '../src/cloudformation/template.ts';
import { scopeWith } from './cloudformation-scope.ts';

const scope = scopeWith({});
/** Data that no function call hides in. */
const plainJson = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => !/"(Ref|Condition|Fn::[^"]*)":|\{\{resolve:/.test(JSON.stringify(value)));

it('values without functions are what they were, whatever their members are called', async () => {
  await fc.assert(
    fc.asyncProperty(plainJson, async (value) => {
      expect(await evaluate(value, scope)).toEqual(value);
    }),
  );
});

it('splitting what was joined gives the pieces back', async () => {
  const piece = fc.string().filter((text) => !text.includes('|') && !text.includes('{{'));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1 }), async (pieces) => {
      expect(await evaluate({ 'Fn::Split': ['|', { 'Fn::Join': ['|', pieces] }] }, scope)).toEqual(pieces);
    }),
  );
});

it('Fn::Sub finds every variable and keeps every other character', () => {
  const name = fc.stringMatching(/^[A-Za-z.:]+$/);
  const part = fc.oneof(
    fc.record({ text: fc.string().filter((text) => !text.includes('$')) }),
    fc.record({ variable: name }),
    fc.record({ escaped: name }),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const read = (render: (part: { text?: string; variable?: string; escaped?: string }) => string) =>
        parts.map(render).join('');
      const template = read(
        ({ text, variable, escaped }) => text ?? (variable ? `\${${variable}}` : `\${!${escaped}}`),
      );
      const expected = read(({ text, variable, escaped }) => text ?? (variable ? `<${variable}>` : `\${${escaped}}`));
      const found = subTemplate(template).map((piece) => (typeof piece === 'string' ? piece : `<${piece.name}>`));
      expect(found.join('')).toBe(expected);
    }),
  );
});

it('the blocks of Fn::Cidr lie in the block, one after the other', () => {
  const numberOf = (cidr: string) => (cidr.split('/')[0] ?? '').split('.').reduce((sum, byte) => sum * 256 + +byte, 0);
  fc.assert(
    fc.property(
      fc.ipV4(),
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 256 }),
      (address, prefix, bits, wanted) => {
        const count = Math.min(wanted, 2 ** (32 - prefix - bits));
        const blocks = cidrBlocks(`${address}/${prefix}`, count, bits).map(numberOf);
        const size = 2 ** (32 - prefix);
        const start = Math.floor(numberOf(address) / size) * size;
        expect(blocks).toEqual(Array.from({ length: count }, (_, index) => start + index * 2 ** bits));
        expect((blocks.at(-1) ?? 0) + 2 ** bits).toBeLessThanOrEqual(start + size);
      },
    ),
  );
});

it('any text is either a template or refused in CloudFormation’s words', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `Resources: ${json}`),
      ),
      (text) => {
        try {
          parseTemplate(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ValidationError' });
        }
      },
    ),
  );
});
