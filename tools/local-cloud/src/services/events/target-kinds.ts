import { randomUUID } from 'node:crypto';
import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import { isObject, type Json } from '../../event-patterns/json.ts';
import type { Caller, Cloud } from '../../service.ts';
import { runTaskInput, type TargetTask } from '../ecs/task-of-target.ts';
import { busDemand } from './demands.ts';
import { unsupported } from './errors.ts';
import type { BusEvent } from './event.ts';
import { isJsonText } from './input-template.ts';
import { readJsonPath } from './json-path.ts';
import { findBus, locateBus } from './references.ts';
import type { Rule } from './state.ts';

/** One event on its way to one target. */
export interface Delivery {
  readonly cloud: Cloud;
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** What the target gets: JSON text. */
  readonly input: string;
}

/** How one kind of target is called; `caller` is the target's role, or EventBridge for the rule. */
export interface TargetKind {
  /** "Permissions", Event bus targets (User Guide): others are called by their own resource policies. */
  readonly needsRole: boolean;
  send(delivery: Delivery, caller: Caller): Promise<unknown>;
}

/** Throws NotImplementedException for a kind of target the embedded cloud can't call. */
export function targetKindOf(arn: string): TargetKind {
  const [, , service = '', , , ...resource] = arn.split(':');
  if (isApiDestination(arn)) return apiDestination;
  const kind = service === 'lambda' && resource[0] !== 'function' ? undefined : kinds[service];
  if (!kind || (service === 'events' && !resource[0]?.startsWith('event-bus/'))) {
    const known =
      'a function, a queue, a topic, a stream, a log group, an event bus, an ECS cluster or an API destination';
    throw unsupported(`the target ${arn}`, `use ${known}`);
  }
  return kind;
}

export function isApiDestination(arn: string): boolean {
  return /^arn:aws:events:[^:]*:\d{12}:api-destination\/./.test(arn);
}

const apiDestination: TargetKind = {
  needsRole: true,
  async send(delivery, caller) {
    // Imported here because few clouds call one.
    const { invokeDestination } = await import('./connections/invoke.ts');
    return invokeDestination(delivery, caller);
  },
};

const kinds: Readonly<Record<string, TargetKind>> = {
  lambda: {
    needsRole: false,
    send: (delivery, caller) =>
      call(delivery, caller, 'lambda', 'Invoke', {
        FunctionName: delivery.target.Arn,
        InvocationType: 'Event',
        Payload: Buffer.from(delivery.input),
      }),
  },
  sqs: {
    needsRole: false,
    send(delivery, caller) {
      const { Arn = '', SqsParameters } = delivery.target;
      const MessageGroupId = SqsParameters?.MessageGroupId;
      const message = { QueueUrl: queueUrl(Arn, delivery.cloud), MessageBody: delivery.input };
      // The event's id tells repeated deliveries apart from further events in a queue of deduplicated groups.
      const fifo = Arn.endsWith('.fifo') && { MessageDeduplicationId: delivery.event.id };
      return call(delivery, caller, 'sqs', 'SendMessage', {
        ...message,
        ...(MessageGroupId && { MessageGroupId }),
        ...fifo,
      });
    },
  },
  sns: {
    needsRole: false,
    send: (delivery, caller) =>
      call(delivery, caller, 'sns', 'Publish', { TopicArn: delivery.target.Arn, Message: delivery.input }),
  },
  kinesis: {
    needsRole: true,
    send(delivery, caller) {
      const { target, event, input } = delivery;
      const { PartitionKeyPath = '$.id' } = target.KinesisParameters ?? {};
      const key = readJsonPath(PartitionKeyPath)?.(event.json) ?? event.id;
      const PartitionKey = typeof key === 'string' ? key : JSON.stringify(key);
      return call(delivery, caller, 'kinesis', 'PutRecord', {
        StreamARN: target.Arn,
        Data: Buffer.from(input),
        PartitionKey,
      });
    },
  },
  ecs: {
    needsRole: true,
    send(delivery, caller) {
      const { target, rule, input } = delivery;
      const task = runTaskInput(
        target.Arn ?? '',
        target.EcsParameters as TargetTask,
        input,
        `events-rule/${rule.name}`,
      );
      return call(delivery, caller, 'ecs', 'RunTask', { ...task });
    },
  },
  logs: { needsRole: false, send: writeLog },
  events: { needsRole: false, send: sendToBus },
};

function call(
  { cloud, target }: Delivery,
  caller: Caller,
  service: string,
  operation: string,
  input: Record<string, unknown>,
) {
  const region = target.Arn?.split(':')[3] ?? '';
  return cloud.call(service, operation, input, { caller, region });
}

/** The URL of the queue that an ARN names. */
export function queueUrl(arn: string, cloud: Cloud): string {
  const [, , , , account, name] = arn.split(':');
  return `${cloud.endpoint}/${account}/${name}`;
}

/** A stream of its own for each event; a template may say `timestamp` and `message` ("CloudWatch Logs group targets"). */
async function writeLog(delivery: Delivery, caller: Caller): Promise<void> {
  const { target, event, input } = delivery;
  const logGroupName = target.Arn?.split(':')[6] ?? '';
  const logStreamName = randomUUID();
  const given = target.InputTransformer && isJsonText(input) ? (JSON.parse(input) as Json) : undefined;
  const { timestamp, message } = isObject(given) ? given : {};
  const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number(timestamp ?? Number.NaN);
  const entry = {
    timestamp: Number.isNaN(time) ? event.ingested : time,
    message: message === undefined ? input : typeof message === 'string' ? message : JSON.stringify(message),
  };
  await call(delivery, caller, 'logs', 'CreateLogStream', { logGroupName, logStreamName });
  await call(delivery, caller, 'logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents: [entry] });
}

/** The same event on the other bus; it goes no further than that ("event buses in the same account and Region"). */
async function sendToBus({ cloud, target, event }: Delivery, caller: Caller): Promise<void> {
  const location = locateBus(target.Arn, { account: '', region: '' });
  const { source, 'detail-type': detailType } = event.json;
  const context = {
    'events:source': String(source),
    'events:detail-type': String(detailType),
    'events:eventBusInvocation': 'true',
  };
  cloud.authorize(caller, [busDemand('PutEvents', location, cloud, context)], {
    region: location.region,
    service: 'events',
  });
  const bus = findBus(cloud, location);
  if (!bus) throw new AwsError('ResourceNotFoundException', `Event bus ${location.name} does not exist.`);
  if (event.hops > 0) {
    throw new AwsError(
      'THIRD_ACCOUNT_HOP_DETECTED',
      'Events received from an event bus are not sent to a third event bus.',
    );
  }
  // Imported here because routing an event delivers it.
  const { routeEvent } = await import('./route-event.ts');
  routeEvent(cloud, bus, { ...event, hops: event.hops + 1, ingested: cloud.clock.now() });
}
