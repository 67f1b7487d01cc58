import { expect, test } from 'vitest';
import { bars, drawRates, resultsTable } from '../src/egress/draw.ts';

const result = {
  name: 'sqs-batching',
  sent: [1000, 1100, 1200, 1300],
  taken: [1900, 3500],
  repeats: 1,
  lost: 0,
};

test('a second is as high as its part of the most, and what is more than nothing can be seen', () => {
  expect(bars([0, 1, 50, 100], 100)).toBe(' ▁▄█');
  expect(bars([0, 0], 0)).toBe('  ');
});

test('events and calls are drawn second by second from the first event to the last call', () => {
  const text = drawRates([result]);
  expect(text).toContain('│ █      ');
  expect(text).toContain('│ ▂ ▂');
  expect(text).toContain('4/s');
});

test('the table counts events, calls and repeats', () => {
  expect(resultsTable([result])).toMatch(/sqs-batching │ 4 +│ 2 +│ 1 +│ 0 /);
});
