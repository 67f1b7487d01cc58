import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, blockText, isWithin, numberOf, overlap, readBlock } from '../src/ipv4.ts';

const block = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);
const read = (text: string) => readBlock(text) ?? expect.fail(`${text} is a block`);

describe('blocks of IPv4 addresses', () => {
  test('are read, and written with the bits behind the prefix cut off', () => {
    fc.assert(
      fc.property(block, (text) => {
        const written = blockText(read(text));
        expect(blockText(read(written))).toBe(written);
        expect(isIPv4(written.split('/')[0] ?? '')).toBe(true);
      }),
    );
  });

  test('hold the address they were written with', () => {
    fc.assert(
      fc.property(block, (text) => {
        expect(isWithin(read(`${text.split('/')[0]}/32`), read(text))).toBe(true);
      }),
    );
  });

  test('overlap exactly when one is within the other', () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        const [a, b] = [read(one), read(other)];
        expect(overlap(a, b)).toBe(isWithin(a, b) || isWithin(b, a));
      }),
    );
  });

  test('anything else is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[\d.]+\/\d+$/.test(text));
        expect(readBlock(text)).toBeUndefined();
      }),
    );
    for (const text of ['10.0.0.0/33', '10.0.0.256/8', '10.0.0/8', '10.0.0.0', '::/0']) {
      expect(readBlock(text), text).toBeUndefined();
    }
  });
});

test('addresses are numbers and back', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(addressOf(numberOf(address))).toBe(address);
    }),
  );
});
