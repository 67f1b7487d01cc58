import { describe, expect, test } from 'vitest';
import { cdkArguments } from '../src/cdk-arguments.ts';

const onAws = (...given: string[]) => cdkArguments({ given, offline: false });
const offline = (...given: string[]) => cdkArguments({ given, offline: true });

describe('the whole app is handled unless stacks are named', () => {
  test.each([
    [['deploy'], true],
    [['destroy', '--force'], true],
    [['deploy', '--require-approval', 'never'], true],
    [['deploy', 'dev-core'], false],
    [['deploy', '--require-approval', 'never', 'dev-core'], false],
    [['diff'], false],
  ])('%j', (given, whole) => {
    expect(onAws(...given).includes('--all')).toBe(whole);
  });
});

test('nobody is asked to approve on the embedded cloud, and the rules of the CLI hold on AWS', () => {
  expect(offline('deploy')).toEqual(['deploy', '--app', 'cdk.out', '--all', '--require-approval', 'never']);
  expect(offline('destroy')).toContain('--force');
  expect(onAws('deploy')).not.toContain('--require-approval');
  expect(onAws('destroy')).not.toContain('--force');
});

test('an approval rule that was given is kept', () => {
  expect(offline('deploy', '--require-approval=any-change').filter((word) => word.includes('approval'))).toEqual([
    '--require-approval=any-change',
  ]);
});

test.each(['-c', '--context', '--app', '--context=stage=prod'])('%s is refused: it would come too late', (flag) => {
  expect(() => onAws('deploy', flag)).toThrow(/STACKYARD_STAGE=test nx run <pattern>:cdk -- deploy/);
});

test('no verb at all: the message says which there are', () => {
  expect(() => onAws()).toThrow(/deploy \| diff \| destroy/);
});
