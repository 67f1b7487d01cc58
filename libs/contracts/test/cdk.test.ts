import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, test } from 'vitest';
import { publish, resolve } from '../src/cdk.ts';
import { defineContract, needsTag } from '../src/index.ts';

const contract = defineContract('core', {
  queueUrl: { path: 'queue/url', description: 'URL of the queue' },
  topicArn: { path: 'topic/arn', description: 'ARN of the topic' },
});

describe('publish', () => {
  test('makes one string parameter per name', () => {
    const stack = new Stack(new App(), 'Publisher');
    publish(stack, 'dev', contract, { queueUrl: 'https://queue', topicArn: 'arn:topic' });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SSM::Parameter', 2);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/dev/core/queue/url',
      Type: 'String',
      Value: 'https://queue',
      Description: 'URL of the queue',
    });
  });

  test('names every missing value', () => {
    const stack = new Stack(new App(), 'Publisher');
    expect(() => publish(stack, 'dev', contract, { queueUrl: '', topicArn: '' })).toThrow(/queueUrl.*topicArn/);
  });
});

describe('resolve', () => {
  test('looks up only the names asked for, at deployment', () => {
    const stack = new Stack(new App(), 'Consumer');
    const { topicArn } = resolve(stack, 'test', contract, 'topicArn');
    new StringParameter(stack, 'Copy', { stringValue: topicArn });
    const template = Template.fromStack(stack);
    const parameters = Object.values(template.findParameters('*')).map((parameter) => parameter['Default']);
    expect(parameters).toEqual(['/test/core/topic/arn', '/cdk-bootstrap/hnb659fds/version']);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Value: { Ref: Match.stringLikeRegexp('^SsmParameterValuetestcoretopicarn') },
    });
  });

  test('tags the stack with every context it needs, once', () => {
    const stack = new Stack(new App(), 'Consumer');
    const other = defineContract('billing', { arn: { path: 'arn', description: 'an ARN' } });
    resolve(stack, 'dev', contract, 'topicArn');
    resolve(stack, 'dev', other, 'arn');
    resolve(stack, 'dev', contract, 'queueUrl');
    expect(stack.tags.tagValues()[needsTag]).toBe('dev/billing dev/core');
  });

  test('in a nested stack tags the stack that a user destroys', () => {
    const stack = new Stack(new App(), 'Consumer');
    resolve(new NestedStack(stack, 'Nested'), 'dev', contract, 'topicArn');
    expect(stack.tags.tagValues()[needsTag]).toBe('dev/core');
  });
});
