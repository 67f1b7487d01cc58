import type { DestinationConfig } from '@aws-sdk/client-lambda';
import type { Cloud } from '../../service.ts';
import { functionRole } from './assume-role.ts';
import type { FunctionReference } from './function-reference.ts';
import type { Invocation, InvocationOutcome } from './invocation.ts';
import type { LambdaFunction } from './state.ts';

/** How an asynchronous event ended. */
export interface EventOutcome {
  readonly found: LambdaFunction;
  readonly reference: FunctionReference;
  readonly event: Invocation;
  /** How often the function has seen it. */
  readonly attempts: number;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
  readonly last: InvocationOutcome | undefined;
  readonly destinations: DestinationConfig | undefined;
}

/** Tells the destination, and the dead-letter queue of events that failed; one that cannot be reached leaves a log line. */
export async function sendOutcome(cloud: Cloud, outcome: EventOutcome): Promise<void> {
  const { found, condition, destinations } = outcome;
  const destination = condition === 'Success' ? destinations?.OnSuccess : destinations?.OnFailure;
  const { deadLetterArn } = found.latest.settings;
  if (destination?.Destination) {
    await send(cloud, outcome, destination.Destination, JSON.stringify(invocationRecord(cloud, outcome)));
  }
  if (condition !== 'Success' && deadLetterArn) {
    await send(cloud, outcome, deadLetterArn, outcome.event.payload.toString(), deadLetterAttributes(outcome));
  }
}

/** "Capturing records of Lambda asynchronous invocations": the record of a destination. */
function invocationRecord(cloud: Cloud, { found, reference, event, attempts, condition, last }: EventOutcome) {
  return {
    version: '1.0',
    timestamp: new Date(cloud.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${found.arn}:${reference.qualifier ?? '$LATEST'}`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event.payload.toString()),
    ...(last && {
      responseContext: {
        statusCode: 200,
        executedVersion: last.version.version,
        ...(last.result.functionError && { functionError: last.result.functionError }),
      },
      responsePayload: JSON.parse(last.result.payload.toString() || 'null'),
    }),
  };
}

type Attributes = Record<string, { DataType: string; StringValue: string }>;

/** "Adding a dead-letter queue": request id, HTTP status, and the first KB of the error message. */
function deadLetterAttributes({ event, last }: EventOutcome): Attributes {
  const { errorMessage } = last ? JSON.parse(last.result.payload.toString() || '{}') : { errorMessage: undefined };
  return {
    RequestID: { DataType: 'String', StringValue: event.requestId },
    ErrorCode: { DataType: 'Number', StringValue: last ? '200' : '429' },
    ErrorMessage: {
      DataType: 'String',
      StringValue: String(errorMessage ?? 'The event was not processed').slice(0, 1024),
    },
  };
}

async function send(
  cloud: Cloud,
  outcome: EventOutcome,
  arn: string,
  body: string,
  attributes: Attributes = {},
): Promise<void> {
  const { found, event } = outcome;
  try {
    const { caller } = await functionRole(cloud, found, found.latest.settings.role);
    const { service, operation, input } = delivery(cloud, outcome, arn, body, attributes);
    await cloud.call(service, operation, input, { caller, region: found.region });
  } catch (error) {
    cloud.log(
      `lambda: the outcome of event ${event.requestId} could not be sent to ${arn}: ${(error as Error).message}`,
    );
  }
}

function delivery(cloud: Cloud, outcome: EventOutcome, arn: string, body: string, MessageAttributes: Attributes) {
  const [, , service, , account, ...name] = arn.split(':');
  switch (service) {
    case 'sqs': {
      const QueueUrl = `${cloud.endpoint}/${account}/${name.join(':')}`;
      return { service, operation: 'SendMessage', input: { QueueUrl, MessageBody: body, MessageAttributes } };
    }
    case 'sns':
      return { service, operation: 'Publish', input: { TopicArn: arn, Message: body, MessageAttributes } };
    case 'lambda': {
      const Payload = Buffer.from(body);
      return { service, operation: 'Invoke', input: { FunctionName: arn, InvocationType: 'Event', Payload } };
    }
    case 'events':
      return { service, operation: 'PutEvents', input: { Entries: [eventBridgeEntry(outcome, arn, body)] } };
    case 's3': {
      const { found, event } = outcome;
      const time = new Date(cloud.clock.now()).toISOString();
      const Key = `aws/lambda/async/${found.name}/${time.slice(0, 10).replaceAll('-', '/')}/${time.replace(/\..*/, '').replaceAll(':', '.')}-${event.requestId}`;
      return { service, operation: 'PutObject', input: { Bucket: name.join(':'), Key, Body: Buffer.from(body) } };
    }
    default:
      throw new Error('a destination is a queue, topic, function, event bus or bucket');
  }
}

function eventBridgeEntry({ found, reference, condition }: EventOutcome, arn: string, body: string) {
  return {
    EventBusName: arn,
    Source: 'lambda',
    DetailType: `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`,
    Resources: [arn, `${found.arn}:${reference.qualifier ?? '$LATEST'}`],
    Detail: body,
  };
}
