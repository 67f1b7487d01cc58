import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contracts } from '../contract/index.ts';
import { openTarget, type TargetUnderTest } from '../contract/target.ts';
import { operationsOf } from '../src/service.ts';

let target: TargetUnderTest;
beforeAll(async () => {
  target = await openTarget();
});
afterEach(() => target.release());
afterAll(() => target.close());

describe.each(contracts)('$service.name', ({ service, claims }) => {
  test.each(claims)('$operation $claim', ({ run }) => run(target), 600_000);

  test('claims nothing of operations it does not have', async () => {
    const known = Object.keys(await operationsOf(service));
    const claimed = claims.flatMap(({ operation, beside = [] }) => [operation, ...beside]);
    expect(claimed.filter((operation) => !known.includes(operation))).toEqual([]);
  });
});
