import { App, CfnOutput, CfnResource, RemovalPolicy, Stack, TagManager } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, test } from 'vitest';
import type { ContextVariables } from '../src/context-variables.ts';
import { contextVariablesOf, EnforcedNestedStack, EnforcedStack } from '../src/enforced-stack.ts';
import { development, stackWith } from './stacks.ts';

// cdk-nag fails the synth of a stream that isn't encrypted so.
const managed = { encryption: StreamEncryption.MANAGED };

describe('an enforced stack', () => {
  test('is named {stage}-{context} and tagged itself', () => {
    const stack = stackWith();
    expect(stack.stackName).toBe('dev-orders');
    expect(stack.tags.tagValues()).toEqual({
      context: 'orders',
      stage: 'dev',
      owner: 'team-orders',
      usage: 'DEVELOPMENT',
    });
  });

  test('refuses context variables with every problem at once', () => {
    const invalid = { ...development, context: '', stage: 'staging' } as unknown as ContextVariables;
    expect(() => new EnforcedStack(new App(), 'orders', { contextVariables: invalid })).toThrow(
      /context is ""[\s\S]*"staging"/,
    );
  });

  test('tags every taggable resource, those of nested stacks and those added later too', () => {
    const stack = stackWith();
    const nested = new EnforcedNestedStack(stack, 'Nested');
    new Stream(stack, 'Stream', managed);
    new LogGroup(nested, 'Logs');
    Template.fromStack(stack);
    const taggable = stack.node
      .findAll()
      .filter((node) => CfnResource.isCfnResource(node) && TagManager.isTaggable(node));
    expect(taggable.map((node) => TagManager.of(node)?.tagValues())).toEqual([development, development, development]);
    Template.fromStack(nested).hasResourceProperties('AWS::Logs::LogGroup', {
      Tags: Match.arrayWith([{ Key: 'owner', Value: 'team-orders' }]),
    });
  });
});

describe('resources that hold data', () => {
  test('go with the stack unless its usage is PRODUCTION', () => {
    const stack = stackWith();
    new Stream(stack, 'Stream', { ...managed, removalPolicy: RemovalPolicy.RETAIN });
    Template.fromStack(stack).hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  test('stay when its usage is PRODUCTION', () => {
    const stack = stackWith({ usage: 'PRODUCTION' });
    new Stream(stack, 'Stream', managed);
    Template.fromStack(stack).hasResource('AWS::Kinesis::Stream', { DeletionPolicy: 'Retain' });
  });
});

describe('SSM parameters', () => {
  test('are renamed to the policy with a warning, and what refers to them follows', () => {
    const stack = stackWith();
    const parameter = new StringParameter(stack, 'Limit', { parameterName: '/devices/limit', stringValue: '1' });
    new CfnOutput(stack, 'Name', { value: parameter.parameterName });
    const template = Template.fromStack(stack);
    const [logicalId] = Object.keys(
      template.findResources('AWS::SSM::Parameter', { Properties: { Name: '/dev/orders/devices/limit' } }),
    );
    template.hasOutput('Name', { Value: { Ref: logicalId } });
    Annotations.fromStack(stack).hasWarning(
      '/orders/Limit/Resource',
      Match.stringLikeRegexp('/devices/limit is renamed to'),
    );
  });

  test('that conform are left alone', () => {
    const stack = stackWith();
    new StringParameter(stack, 'Limit', { parameterName: '/dev/orders/limit', stringValue: '1' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('without a name get a conforming one', () => {
    const stack = stackWith();
    new StringParameter(stack, 'Limit', { stringValue: '1' });
    Template.fromStack(stack).hasResourceProperties('AWS::SSM::Parameter', {
      Name: Match.stringLikeRegexp('^/dev/orders/[A-Za-z0-9_.-]+$'),
    });
  });
});

describe('an enforced nested stack', () => {
  test('has the context variables of the stack around it', () => {
    expect(new EnforcedNestedStack(stackWith(), 'Nested').contextVariables).toEqual(development);
  });

  test('is refused in a stack that enforces nothing', () => {
    const plain = new Stack(new App(), 'Plain');
    expect(() => new EnforcedNestedStack(plain, 'Nested')).toThrow(/Plain.*put it into an EnforcedStack/);
    expect(() => contextVariablesOf(plain)).toThrow('NO_ENFORCED_STACK');
  });
});
