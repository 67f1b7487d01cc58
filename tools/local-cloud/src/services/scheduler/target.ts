import type { Target } from '@aws-sdk/client-scheduler';
import { AwsError, validationError } from '../../errors.ts';
import { modelOf } from '../../protocols/model.ts';
import { operationsOf } from '../../service.ts';
import { runTaskInput, type TargetTask } from '../ecs/task-of-target.ts';
import { sdkInput } from './sdk-input.ts';
import { type StoredSchedule, scheduleArn } from './state.ts';

/** The one API call that an invocation makes. */
export interface TargetCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** What `<aws.scheduler.…>` stands for ("Adding context attributes", User Guide). */
export interface Invocation {
  readonly executionId: string;
  /** Beginning with 1. */
  readonly attempt: number;
  readonly scheduledTime: Date;
}

/** SDK service identifiers, as universal targets name services, where the signing name is another. */
const signingNames: Record<string, string> = {
  cloudwatch: 'monitoring',
  cloudwatchlogs: 'logs',
  cognitoidentityprovider: 'cognito-idp',
  eventbridge: 'events',
  sfn: 'states',
};

/** "Unsupported actions", Using universal targets (User Guide): what only reads is no target. */
const readOnly =
  /^(get|describe|list|poll|receive|search|scan|query|select|read|lookup|discover|validate|batchGet|batchDescribe|batchRead|transactGet|adminGet|adminList|testMigration|retrieve|testConnection|translateDocument|isAuthorized|invokeModel)/;

/**
 * The call a target means. Throws ValidationException for targets AWS refuses, NotImplementedException for those that the
 * embedded cloud cannot call.
 */
export async function targetCall(
  schedule: Pick<StoredSchedule, 'name' | 'group' | 'account' | 'region' | 'target'>,
  invocation: Invocation,
): Promise<TargetCall> {
  const { Arn = '', Input } = schedule.target;
  const text = Input === undefined ? undefined : withContext(Input, schedule, invocation);
  if (/^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(Arn)) {
    const payload = text ?? JSON.stringify(defaultEvent(schedule, invocation));
    parseInput(payload);
    return lambdaCall(Arn, payload);
  }
  const [, service, action] = /^arn:aws:scheduler:::aws-sdk:([a-z0-9-]+):([A-Za-z0-9]+)$/.exec(Arn) ?? [];
  if (service && action) return universalCall(service, action, text);
  if (!/^arn:aws[a-z-]*:/.test(Arn)) throw validationError('Provided Arn is not in correct format.');
  const call = templatedCall(
    schedule.target,
    text ?? JSON.stringify(defaultEvent(schedule, invocation)),
    schedule.name,
  );
  if (call) return call;
  throw unsupportedTarget(
    `the target ${Arn}`,
    'use a function, a queue, a topic, a stream, an event bus, an ECS cluster or a universal target',
  );
}

/** "Using templated targets" (User Guide): the one call that each kind of resource stands for. */
function templatedCall(target: Target, text: string, name: string): TargetCall | undefined {
  const { Arn = '', SqsParameters, KinesisParameters, EventBridgeParameters, EcsParameters } = target;
  const [, , service, , account, ...resource] = Arn.split(':');
  switch (service) {
    case 'sqs': {
      const MessageGroupId = SqsParameters?.MessageGroupId;
      if (Arn.endsWith('.fifo') && !MessageGroupId) throw validationError('SqsParameters.MessageGroupId is missing.');
      // Of the queue's URL only account and name are looked at.
      const QueueUrl = `https://sqs/${account}/${resource[0]}`;
      const message = { QueueUrl, MessageBody: text, ...(MessageGroupId && { MessageGroupId }) };
      return { service, operation: 'SendMessage', input: message };
    }
    case 'sns':
      return { service, operation: 'Publish', input: { TopicArn: Arn, Message: text } };
    case 'kinesis': {
      const PartitionKey = KinesisParameters?.PartitionKey;
      if (!PartitionKey) throw validationError('KinesisParameters.PartitionKey is missing.');
      return { service, operation: 'PutRecord', input: { StreamARN: Arn, Data: Buffer.from(text), PartitionKey } };
    }
    case 'events': {
      const { DetailType, Source } = EventBridgeParameters ?? {};
      if (!DetailType || !Source) throw validationError('EventBridgeParameters.DetailType and Source are missing.');
      const entry = { EventBusName: Arn, DetailType, Source, Detail: text };
      return { service, operation: 'PutEvents', input: { Entries: [entry] } };
    }
    case 'ecs': {
      if (!EcsParameters?.TaskDefinitionArn) throw validationError('EcsParameters.TaskDefinitionArn is missing.');
      const input = runTaskInput(Arn, EcsParameters as TargetTask, text, `chronos-schedule/${name}`);
      return { service, operation: 'RunTask', input: { ...input } };
    }
    default:
      return undefined;
  }
}

function lambdaCall(arn: string, payload: string): TargetCall {
  const input = { FunctionName: arn, InvocationType: 'Event', Payload: new Uint8Array(Buffer.from(payload)) };
  return { service: 'lambda', operation: 'Invoke', input };
}

async function universalCall(sdkService: string, action: string, text = '{}'): Promise<TargetCall> {
  if (readOnly.test(action)) {
    throw validationError(`The action ${action} of ${sdkService} is read-only and not supported as a target.`);
  }
  // Imported here because the list of services contains this one.
  const { services } = await import('../index.ts');
  const name = signingNames[sdkService] ?? sdkService;
  const service = services.find((candidate) => candidate.name === name);
  if (!service) throw unsupportedTarget(`targets in ${sdkService}`, 'the embedded cloud has no such service');
  const { operations } = await modelOf(service);
  const wanted = action.charAt(0).toUpperCase() + action.slice(1);
  const operation = operations.get(wanted);
  if (!operation) throw validationError(`The action ${action} is not an API action of ${sdkService}.`);
  if (!(await operationsOf(service))[wanted]) {
    throw unsupportedTarget(`${sdkService}:${action}`, 'it has no such operation yet');
  }
  return {
    service: name,
    operation: wanted,
    input: sdkInput(operation.input, parseInput(text)) as Record<string, unknown>,
  };
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw validationError('Invalid RequestJson provided. Reason The Input is not well-formed JSON');
  }
}

function withContext(
  text: string,
  schedule: Pick<StoredSchedule, 'name' | 'group' | 'account' | 'region'>,
  { executionId, attempt, scheduledTime }: Invocation,
): string {
  return text
    .replaceAll('<aws.scheduler.schedule-arn>', scheduleArn(schedule))
    .replaceAll('<aws.scheduler.scheduled-time>', wholeSeconds(scheduledTime))
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}

/** What a function gets when the schedule has no Input. */
function defaultEvent(
  schedule: Pick<StoredSchedule, 'name' | 'group' | 'account' | 'region'>,
  { executionId, scheduledTime }: Invocation,
): Record<string, unknown> {
  return {
    version: '0',
    id: executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: schedule.account,
    time: wholeSeconds(scheduledTime),
    region: schedule.region,
    resources: [scheduleArn(schedule)],
    detail: '{}',
  };
}

/** `2026-01-01T12:00:00Z` */
function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** What the embedded cloud lacks of Scheduler is refused with what to do instead. */
export function unsupportedTarget(what: string, wayOut: string): AwsError {
  return new AwsError(
    'NotImplementedException',
    `The embedded cloud's scheduler does not support ${what}: ${wayOut}.`,
    {
      status: 501,
    },
  );
}
