import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter, type LogPart } from '../src/containers/log-lines.ts';

/** Lines as they come out when the bytes arrive in chunks of these sizes, again and again. */
function split(bytes: Buffer, sizes: readonly number[]): LogPart[] {
  const parts: LogPart[] = [];
  const splitter = createLineSplitter((part) => parts.push(part));
  for (let start = 0, n = 0; start < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    splitter.write(bytes.subarray(start, start + size));
    start += size;
  }
  splitter.end();
  return parts;
}

const line = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')),
  fc
    .tuple(fc.constantFrom('a', 'ä', '日', '👩‍👧'), fc.integer({ min: 1, max: 30_000 }))
    .map(([text, n]) => text.repeat(n)),
);

test('whatever the chunks, parts put together are the lines, and none is longer than 16 KiB', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1 }),
      (lines, sizes) => {
        const parts = split(Buffer.from(lines.map((text) => `${text}\n`).join('')), sizes);
        const joined: string[] = [];
        for (const { text, partial } of parts) {
          if (!partial || partial.ordinal === 1) joined.push(text);
          else joined.push(`${joined.pop()}${text}`);
        }
        expect(joined).toEqual(lines);
        expect(parts.every(({ text }) => Buffer.byteLength(text) <= 16_384)).toBe(true);
        expect(parts.filter(({ partial }) => partial?.last)).toHaveLength(
          lines.filter((text) => Buffer.byteLength(text) > 16_384).length,
        );
      },
    ),
    { numRuns: 50 },
  );
});
