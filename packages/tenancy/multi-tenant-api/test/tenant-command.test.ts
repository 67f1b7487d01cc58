import { expect, test } from 'vitest';
import { readCommand } from '../src/tenant-command.ts';

test('adding a tenant is a request to the admin API', () => {
  expect(readCommand(['add', 'acme', '--plan', 'standard'])).toEqual({
    method: 'POST',
    path: 'tenants',
    body: { slug: 'acme', plan: 'standard' },
  });
});

test('a tenant ID cannot leave its place in the path', () => {
  expect(readCommand(['remove', '../reconciliations']).path).toBe('tenants/..%2Freconciliations');
});

test.each<[string[], string]>([
  [[], 'a command is missing'],
  [['toString'], 'there is no command toString'],
  [['add', 'acme'], '--plan is missing'],
  [['plan', 'acme-1'], 'a plan is missing'],
])('%j says what is missing', (argv, message) => {
  expect(() => readCommand(argv)).toThrow(message);
});
