import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLedger } from '../src/ledger.ts';

const arrivals = fc.uniqueArray(fc.record({ id: fc.uuid(), times: fc.integer({ min: 0, max: 3 }) }), {
  selector: ({ id }) => id,
});

test('whatever arrives how often in whatever order, the four numbers add up', () => {
  fc.assert(
    fc.property(arrivals, fc.infiniteStream(fc.nat()), (things, order) => {
      const ledger = createLedger();
      for (const { id } of things) ledger.sent(id);
      const deliveries = things.flatMap(({ id, times }) => Array.from({ length: times }, () => id));
      const shuffled = deliveries.map((id) => ({ id, at: order.next().value as number })).sort((a, b) => a.at - b.at);
      for (const { id } of shuffled) ledger.delivered(id);
      const { sent, delivered, duplicated, lost } = ledger.count();
      expect(sent).toBe(things.length);
      expect(delivered + lost).toBe(sent);
      expect(delivered + duplicated).toBe(deliveries.length);
      expect(ledger.missing()).toEqual(things.filter(({ times }) => times === 0).map(({ id }) => id));
    }),
  );
});

test('what was never sent is no delivery', () => {
  const ledger = createLedger();
  ledger.sent('a');
  ledger.delivered('b');
  expect(ledger.count()).toEqual({ sent: 1, delivered: 0, duplicated: 0, lost: 1 });
  expect(ledger.strangers()).toEqual(['b']);
});

test('one identity cannot be sent twice: the count would mean nothing', () => {
  const ledger = createLedger();
  ledger.sent('a');
  expect(() => ledger.sent('a')).toThrow(/'a' was sent before/);
});
