import { AwsError } from '../../errors.ts';
import type { Cloud } from '../../service.ts';
import { assumeTargetRole } from './deliver.ts';
import { type StoredSchedule, scheduleArn } from './state.ts';
import { type Invocation, targetCall } from './target.ts';

/** A delivery that came to nothing. */
export interface Failed {
  readonly schedule: StoredSchedule;
  readonly invocation: Invocation;
  readonly error: Error;
  /** Which part of the retry policy was spent; none where a retry would not help. */
  readonly condition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

/**
 * Leaves a dead-letter event: the payload of the call that failed, why as message attributes ("Configuring a dead-letter queue
 * for a schedule", User Guide). The target's role sends it. Without a queue, or when that fails too, there is a line in the log.
 */
export async function giveUp(failed: Failed, cloud: Cloud): Promise<void> {
  const { schedule, invocation, error } = failed;
  const arn = scheduleArn(schedule);
  const queue = schedule.target.DeadLetterConfig?.Arn;
  if (queue === undefined) {
    cloud.log(`scheduler: ${arn} was not delivered after ${invocation.attempt} attempts: ${error.message}`);
    return;
  }
  try {
    const [, , , region = schedule.region, account, name] = queue.split(':');
    const { input } = await targetCall(schedule, invocation);
    const { caller } = await assumeTargetRole(schedule.target.RoleArn ?? '', schedule, cloud);
    const message = {
      QueueUrl: `${cloud.endpoint}/${account}/${name}`,
      MessageBody: payloadOf(input),
      MessageAttributes: attributesOf(failed, arn),
    };
    await cloud.call('sqs', 'SendMessage', message, { caller, region });
  } catch (problem) {
    cloud.log(`scheduler: the dead-letter event of ${arn} was not sent to ${queue}: ${(problem as Error).message}`);
  }
}

/** A function's or stream's payload itself, any other call's input as JSON. */
function payloadOf(input: Record<string, unknown>): string {
  const bytes = input['Payload'] ?? input['Data'];
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : JSON.stringify(input);
}

function attributesOf({ schedule, invocation, error, condition }: Failed, arn: string) {
  const attributes = {
    ERROR_CODE: error instanceof AwsError ? error.code : 'InternalFailure',
    ERROR_MESSAGE: error.message || 'no message',
    EXECUTION_ID: invocation.executionId,
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(invocation.attempt - 1),
    SCHEDULED_TIME: `${invocation.scheduledTime.toISOString().slice(0, 19)}Z`,
    SCHEDULE_ARN: arn,
    TARGET_ARN: schedule.target.Arn ?? '',
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}
