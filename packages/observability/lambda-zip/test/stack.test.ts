import { type ContextVariables, featureFlags } from '@stackyard/cdk-core';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { LambdaZipStack } from '../cdk/stack.ts';

const contextVariables: ContextVariables = {
  context: 'lambda-zip',
  stage: 'dev',
  owner: 'platform',
  usage: 'DEVELOPMENT',
};
let stack: LambdaZipStack;
let template: Template;

beforeAll(() => {
  stack = new LambdaZipStack(new App({ context: featureFlags }), 'lambda-zip', { contextVariables });
  // Throws where cdk-nag finds something.
  template = Template.fromStack(stack);
});

/** The `Ref` by which the template takes a value of the core's contract. */
function contractRef(name: string): { Ref: string } {
  const [parameter] = Object.keys(template.findParameters('*', { Default: `/dev/observability-core/${name}` }));
  return { Ref: parameter ?? `no parameter for ${name}` };
}

describe('the function', () => {
  test('carries the telemetry extension of the core and knows the stream', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Layers: [contractRef('extension/layer/arn')],
      Environment: { Variables: Match.objectLike({ STACKYARD_TELEMETRY_STREAM: contractRef('stream/name') }) },
    });
  });

  test("has the core's write policy and, of its own, only the denial of CloudWatch Logs", () => {
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [contractRef('stream/write-policy/arn')] });
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
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
