import { Aws, type Stack, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';

const lifetimeMs = 24 * 60 * 60 * 1000;

/** 24 hours after `now`, as EventBridge Scheduler's one-time expression `at(yyyy-mm-ddThh:mm:ss)` in UTC. */
export function deletionTime(now: Date): ScheduleExpression {
  return ScheduleExpression.at(new Date(now.getTime() + lifetimeMs), TimeZone.ETC_UTC);
}

/**
 * Makes a stack delete itself 24 hours after its last synth, by a one-time schedule that calls CloudFormation's DeleteStack.
 *
 * The schedule's role may call DeleteStack on this very stack (its unique id) and nothing else. The resources are deleted
 * with the service role the CDK CLI deployed the stack with: CloudFormation goes on using the role a stack is associated
 * with, and asks the caller for no iam:PassRole (AWS CloudFormation User Guide, "CloudFormation service role").
 */
export function deleteAfterADay(stack: Stack): void {
  new Schedule(stack, 'EphemeralDeletion', {
    description: 'Deletes this ephemeral stack 24 hours after its last synth',
    schedule: deletionTime(new Date()),
    target: new Universal({
      service: 'cloudformation',
      action: 'deleteStack',
      input: ScheduleTargetInput.fromObject({ StackName: Aws.STACK_ID }),
      policyStatements: [new PolicyStatement({ actions: ['cloudformation:DeleteStack'], resources: [Aws.STACK_ID] })],
    }),
  });
}
