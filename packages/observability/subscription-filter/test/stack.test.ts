import { parameterRef, statementsOf, synthesised } from '@stackyard/cdk-core/testing';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { SubscriptionFilterStack } from '../cdk/stack.ts';

let stack: SubscriptionFilterStack;
let template: Template;

beforeAll(() => {
  ({ stack, template } = synthesised(SubscriptionFilterStack, 'subscription-filter'));
});

const contractRef = (name: string) => parameterRef(template, `/dev/observability-core/${name}`);

function only(type: string): { id: string; properties: Record<string, unknown> } {
  const [[id, resource] = ['', undefined], ...others] = Object.entries(template.findResources(type));
  expect(others).toEqual([]);
  return { id, properties: resource?.['Properties'] };
}

const deliveryRole = () =>
  Object.entries(
    template.findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: Match.objectLike({
          Statement: [Match.objectLike({ Principal: { Service: 'logs.amazonaws.com' } })],
        }),
      },
    }),
  );

describe('the subscription filter', () => {
  test("sends every event of the function's log group to the core's stream", () => {
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: { Ref: only('AWS::Logs::LogGroup').id },
      DestinationArn: contractRef('stream/arn'),
      FilterPattern: '',
      RoleArn: { 'Fn::GetAtt': [deliveryRole()[0]?.[0], 'Arn'] },
    });
  });

  test('delivers with a role that puts records into this stream and can do nothing else', () => {
    const [[, role] = [], ...others] = deliveryRole();
    expect(others).toEqual([]);
    expect(role?.['Properties'].Policies).toEqual([
      {
        PolicyName: 'deliver',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: contractRef('stream/arn') }],
        },
      },
    ]);
    expect(role?.['Properties'].ManagedPolicyArns).toBeUndefined();
    const statements = statementsOf(template);
    expect(JSON.stringify(statements)).not.toContain('kinesis');
  });

  test("delivers for this account's log groups only", () => {
    const [[, role] = []] = deliveryRole();
    expect(role?.['Properties'].AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'logs.amazonaws.com' },
        Condition: {
          StringLike: {
            'aws:SourceArn': {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':logs:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  ':*',
                ],
              ],
            },
          },
        },
      },
    ]);
  });
});

describe('the function', () => {
  test('has no extension', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Layers: Match.absent() });
  });

  test('logs into a group of its own that keeps a day, and may write to no other', () => {
    const { id, properties } = only('AWS::Logs::LogGroup');
    expect(properties['RetentionInDays']).toBe(1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: { 'Fn::GetAtt': [id, 'Arn'] },
          },
        ],
      }),
    });
  });

  test('is reached by signed requests only', () => {
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });
});

test('the stack says that it needs the core', () => {
  expect(stack.tags.tagValues()['stackyard:needs']).toBe('dev/observability-core');
});
