import { describe, expect, test } from 'vitest';
import { ContractError, defineContract, observabilityCore, parameterName, parseNeeds } from '../src/index.ts';

describe('a contract', () => {
  test('names its parameters /{stage}/{context}/{path}', () => {
    expect(parameterName(observabilityCore, 'dev', 'streamArn')).toBe('/dev/observability-core/stream/arn');
  });

  test('lists everything that SSM would refuse in one error', () => {
    const declare = () =>
      defineContract('my core', {
        fine: { path: 'a/b-c_d.e', description: 'fine' },
        empty: { path: '', description: 'empty' },
        slash: { path: '/absolute', description: 'starts with a slash' },
      });
    expect(declare).toThrow(ContractError);
    expect(declare).toThrow(/"my core".*path of empty is "".*path of slash is "\/absolute"/);
  });

  test('has one path per name', () => {
    const paths = Object.values(observabilityCore.parameters).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

test('the needs tag reads back as stages and contexts', () => {
  expect(parseNeeds('dev/observability-core dev/tenancy')).toEqual(['dev/observability-core', 'dev/tenancy']);
  expect(parseNeeds(undefined)).toEqual([]);
});
