import { Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { acknowledge } from '../src/validations.ts';
import { stackWith } from './stacks.ts';

const findings = (stack: ReturnType<typeof stackWith>) =>
  new AwsSolutionsChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName);

describe('acknowledge', () => {
  test('silences the rule it names, where it is said', () => {
    const stack = stackWith();
    acknowledge(new Bucket(stack, 'Logs'), 'AwsSolutions-S1', 'it is the access log bucket itself');
    new Bucket(stack, 'Data');
    expect(findings(stack).filter((rule) => rule.endsWith('AwsSolutions-S1'))).toHaveLength(1);
  });

  test('wants a reason', () => {
    expect(() => acknowledge(stackWith(), 'AwsSolutions-S1', ' ')).toThrow(
      /AwsSolutions-S1 on orders.*without a reason/,
    );
  });
});

test('a finding fails the synth of the app', () => {
  const stack = stackWith();
  new Bucket(stack, 'Data');
  expect(() => Stage.of(stack)?.synth()).toThrow();
});
