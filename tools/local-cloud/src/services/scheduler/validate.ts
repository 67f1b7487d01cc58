import type { CreateScheduleCommandInput, Target } from '@aws-sdk/client-scheduler';
import { AwsError, validationError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { assumeTargetRole } from './deliver.ts';
import { invalidExpression, readExpression } from './expression.ts';
import { defaultGroup, type StoredSchedule } from './state.ts';
import { targetCall, unsupportedTarget } from './target.ts';

/** The schedule a Create or Update asks for, after all that AWS checks when it is called. Throws ValidationException. */
export async function checkedSchedule(input: CreateScheduleCommandInput, call: Call): Promise<StoredSchedule> {
  const { Name = '', ScheduleExpression = '', ScheduleExpressionTimezone: timeZone = 'UTC' } = input;
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(Name)) {
    throw validationError(
      `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+ and have length 1 to 64`,
    );
  }
  const now = call.cloud.clock.now();
  const timing = readExpression(ScheduleExpression, timeZone);
  if (timing.kind === 'at' && timing.time <= now) throw invalidExpression(ScheduleExpression);
  checkWindow(input.FlexibleTimeWindow);
  if (input.KmsKeyArn) throw unsupportedTarget('customer managed KMS keys', 'leave KmsKeyArn out');
  const schedule: StoredSchedule = {
    name: Name,
    group: input.GroupName ?? defaultGroup,
    account: call.account,
    region: call.region,
    expression: ScheduleExpression,
    timeZone,
    state: input.State ?? 'ENABLED',
    target: checkedTarget(input.Target),
    clientToken: input.ClientToken,
    created: new Date(now),
    modified: new Date(now),
    FlexibleTimeWindow: input.FlexibleTimeWindow,
    ActionAfterCompletion: input.ActionAfterCompletion ?? 'NONE',
    Description: input.Description,
    StartDate: input.StartDate,
    EndDate: input.EndDate,
  };
  await targetCall(schedule, { executionId: '', attempt: 1, scheduledTime: new Date(now) });
  await checkRole(schedule, call);
  return schedule;
}

function checkWindow(window: CreateScheduleCommandInput['FlexibleTimeWindow']): void {
  const minutes = window?.MaximumWindowInMinutes;
  if (window?.Mode === 'OFF' && minutes === undefined) return;
  // A flexible window is kept to by running at its beginning.
  if (window?.Mode === 'FLEXIBLE' && minutes !== undefined && minutes >= 1 && minutes <= 1440) return;
  throw validationError(
    'Invalid FlexibleTimeWindow: MaximumWindowInMinutes is 1 to 1440 with the mode FLEXIBLE, and absent with OFF.',
  );
}

function checkedTarget(target: Target | undefined): Target {
  const { MaximumRetryAttempts: attempts = 185, MaximumEventAgeInSeconds: age = 86_400 } = target?.RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw validationError(`MaximumRetryAttempts is 0 to 185, not ${attempts}.`);
  if (age < 60 || age > 86_400) throw validationError(`MaximumEventAgeInSeconds is 60 to 86400, not ${age}.`);
  const queue = target?.DeadLetterConfig?.Arn;
  // "EventBridge Scheduler does not support using a FIFO queue as your schedule's DLQ" (User Guide).
  if (queue !== undefined && !/^arn:aws:sqs:[^:]+:\d{12}:[A-Za-z0-9_-]+$/.test(queue)) {
    throw validationError(`DeadLetterConfig.Arn must be the ARN of a standard queue, not ${queue}.`);
  }
  return {
    Arn: target?.Arn,
    RoleArn: target?.RoleArn,
    ...given(
      target,
      'Input',
      'DeadLetterConfig',
      'EcsParameters',
      'EventBridgeParameters',
      'KinesisParameters',
      'SqsParameters',
    ),
    RetryPolicy: { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: attempts },
  };
}

/** Those members of a target that it has. */
function given(target: Target = { Arn: undefined, RoleArn: undefined }, ...names: (keyof Target)[]): Partial<Target> {
  return Object.fromEntries(names.flatMap((name) => (target[name] === undefined ? [] : [[name, target[name]]])));
}

async function checkRole(schedule: StoredSchedule, { cloud }: Call): Promise<void> {
  try {
    await assumeTargetRole(schedule.target.RoleArn ?? '', schedule, cloud);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}
