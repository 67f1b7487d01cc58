import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSampled } from '../src/extension/sampling.ts';

const sampling = { TRACE: 100, DEBUG: 10 };

describe('sampling', () => {
  test('keeps about one request in n', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
    const kept = (level: 'TRACE' | 'DEBUG') => ids.filter((id) => isSampled(sampling, level, id)).length / ids.length;
    expect(kept('DEBUG')).toBeCloseTo(0.1, 1);
    expect(kept('TRACE')).toBeCloseTo(0.01, 2);
  });

  test('decides by the request alone: a request that keeps TRACE keeps DEBUG', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(isSampled(sampling, 'DEBUG', id)).toBe(isSampled({ DEBUG: 10 }, 'DEBUG', id));
        if (isSampled(sampling, 'TRACE', id)) expect(isSampled(sampling, 'DEBUG', id)).toBe(true);
      }),
    );
  });

  test('keeps all of levels without a number, all outside requests, and everything at one in one', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(isSampled(sampling, 'INFO', id)).toBe(true);
        expect(isSampled({ INFO: 1 }, 'INFO', id)).toBe(true);
      }),
    );
    expect(isSampled(sampling, 'TRACE', undefined)).toBe(true);
  });
});
