import { EnforcedStack, type EnforcedStackProps } from '@stackyard/cdk-core';
import { DeadLetterQueue } from '@stackyard/egress/cdk';
import { CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { Direct } from './direct.ts';
import { Levelled } from './levelled.ts';

/** Tells the partner of the events of two services: of one at once and one by one, of the other gathered by a queue. */
export class EventBridgeStack extends EnforcedStack {
  constructor(scope: Construct, id: string, props: EnforcedStackProps) {
    super(scope, id, props);
    const bus = new EventBus(this, 'Bus', { description: 'Events of users' });
    const failures = new DeadLetterQueue(this, 'Failures');
    const direct = new Direct(this, 'Direct', { bus, failures });
    const levelled = new Levelled(this, 'Levelled', { bus, failures });
    new CfnOutput(this, 'EventBusName', { value: bus.eventBusName });
    new CfnOutput(this, 'FailureQueueUrl', { value: failures.queueUrl });
    new CfnOutput(this, 'DirectFunctionName', { value: direct.consumer.functionName });
    new CfnOutput(this, 'LevelledFunctionName', { value: levelled.consumer.functionName });
    new CfnOutput(this, 'LevelledDeadLetterQueueUrl', { value: levelled.deadLetters.queueUrl });
  }
}
