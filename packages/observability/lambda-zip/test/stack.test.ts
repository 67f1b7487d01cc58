import { parameterRef, statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { LambdaZipStack } from '../cdk/stack.ts';

let stack: LambdaZipStack;
let template: Template;

beforeAll(() => {
  ({ stack, template } = synthesised(LambdaZipStack, 'lambda-zip'));
});

const contractRef = (name: string) => parameterRef(template, `/dev/observability-core/${name}`);

describe('the function', () => {
  test('carries the telemetry extension of the core and knows the stream', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Layers: [contractRef('extension/layer/arn')],
      Environment: { Variables: Match.objectLike({ STACKYARD_TELEMETRY_STREAM: contractRef('stream/name') }) },
    });
  });

  test("has the core's write policy and, of its own, only the denial of CloudWatch Logs", () => {
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [contractRef('stream/write-policy/arn')] });
    const statements = statementsOf(template);
    expect(statements).toEqual([
      { Effect: 'Deny', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
    ]);
  });

  test('is reached by signed requests only', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
    template.hasOutput('FunctionUrl', {});
    template.hasOutput('FunctionName', {});
  });
});

test('the stack says that it needs the core', () => {
  expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/observability-core');
});
