import { expect, test } from 'vitest';
import { interleaved, median } from '../src/statistics.ts';

test.each([
  [[7], 7],
  [[9, 1, 5], 5],
  [[10, 2, 4, 8], 6],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

test('there is no median of nothing', () => {
  expect(() => median([])).toThrow('no median');
});

test('the sides take turns, and none always follows the same other', async () => {
  const order: string[] = [];
  const side = (name: string, value: number) => async () => {
    order.push(name);
    return value;
  };
  const samples = await interleaved(3, { a: side('a', 1), b: side('b', 2) });
  expect(order.join('')).toBe('abbaab');
  expect(samples).toEqual({ a: [1, 1, 1], b: [2, 2, 2] });
});
