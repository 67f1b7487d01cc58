import { expect, test } from 'vitest';
import { run } from '../src/egress/scenarios.ts';

const base = { environments: 20, load: 1.2, seconds: 6, storeMs: 20, storeErrors: 0.02, killedPerSecond: 1 } as const;

test('with errors and deaths the partner sees no call too many, and most of what it allows', async () => {
  for (const shape of ['steady', 'bursty', 'spiky'] as const) {
    const { violations, utilisation } = await run({ ...base, shape });
    expect(violations).toBe(0);
    expect(utilisation).toBeGreaterThan(0.6);
  }
});

test('nor by a store of conditional writes that knows the time to the second', async () => {
  const { violations, utilisation } = await run({ ...base, shape: 'steady', store: 'documents' });
  expect(violations).toBe(0);
  expect(utilisation).toBeGreaterThan(0.6);
});

test('the same numbers each time', async () => {
  const [one, other] = [await run({ ...base, shape: 'bursty' }), await run({ ...base, shape: 'bursty' })];
  expect(other.outcome.arrivals).toEqual(one.outcome.arrivals);
});
