import { expect, test } from 'vitest';
import { migration } from '../src/egress/migration.ts';

test('without the throttle the downstream gets all at once, with rate control never more than it bears, and nothing is lost', async () => {
  const figures = await migration.run(() => {});
  const [provisioned = 0, onDemand = 0, controlled = 0] = figures.map(({ value }) => value);
  expect(controlled).toBeLessThanOrEqual(500);
  // A second's worth of units that were left, and the next second's.
  expect(provisioned).toBeLessThanOrEqual(1000);
  expect(onDemand).toBeGreaterThan(2500);
  expect(new Set(figures.map(({ measured }) => measured)).size).toBe(1);
});
