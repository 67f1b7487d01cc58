import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test, vi } from 'vitest';
import { resourcesOf, stackWith } from './stacks.ts';

describe('an EPHEMERAL stack', () => {
  test('is deleted once, 24 hours after its synth, in UTC', () => {
    vi.useFakeTimers({ now: new Date('2027-12-31T23:30:15Z'), toFake: ['Date'] });
    const template = Template.fromStack(stackWith({ usage: 'EPHEMERAL' }));
    vi.useRealTimers();
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'at(2028-01-01T23:30:15)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:::aws-sdk:cloudformation:deleteStack']],
        },
        Input: { 'Fn::Join': ['', ['{"StackName":"', { Ref: 'AWS::StackId' }, '"}']] },
      },
    });
  });

  test("gives the scheduler's role the deletion of this very stack and nothing else", () => {
    const resources = Object.values(resourcesOf(stackWith({ usage: 'EPHEMERAL' })));
    const [policy, ...morePolicies] = resources.filter(({ Type }) => Type === 'AWS::IAM::Policy');
    expect(morePolicies).toEqual([]);
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: 'cloudformation:DeleteStack', Resource: { Ref: 'AWS::StackId' } }],
    });
    const [role] = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(role?.Properties['ManagedPolicyArns']).toBeUndefined();
    expect(role?.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});

test.each(['DEVELOPMENT', 'POC', 'PRODUCTION'] as const)('a stack for %s stays', (usage) => {
  const stack = stackWith({ usage });
  new LogGroup(stack, 'Logs');
  Template.fromStack(stack).resourceCountIs('AWS::Scheduler::Schedule', 0);
});
