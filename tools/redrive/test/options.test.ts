import { expect, test } from 'vitest';
import { readOptions } from '../src/options.ts';

test('a stack is looked at, and changed only with --yes', () => {
  expect(readOptions(['dev-orders'])).toMatchObject({ stackName: 'dev-orders', yes: false });
  expect(readOptions(['dev-orders', '--yes'])).toMatchObject({ stackName: 'dev-orders', yes: true });
});

test.each([[[]], [['a', 'b']]])('%j is not the name of one stack', (args) => {
  expect(() => readOptions(args)).toThrow(/Usage: pnpm redrive <stack>/);
});

test('an option that is none is named', () => expect(() => readOptions(['a', '--now'])).toThrow(/--now/));
