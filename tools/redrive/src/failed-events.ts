import { GetFunctionEventInvokeConfigCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Redrivable } from './redrivable.ts';

/** Events of asynchronous invocations that were given up, if the function has a queue for them. */
export async function failedEventsOf(
  { lambda, sqs }: { lambda: LambdaClient; sqs: SQSClient },
  FunctionName: string,
): Promise<Redrivable | undefined> {
  const destination = await failureDestination(lambda, FunctionName);
  const [, , service, , QueueOwnerAWSAccountId, QueueName = ''] = destination.split(':');
  if (service !== 'sqs') return undefined;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  return {
    from: QueueName,
    to: FunctionName,
    async waiting() {
      const counted = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(counted.Attributes?.['ApproximateNumberOfMessages'] ?? 0);
    },
    async redrive(onProgress) {
      for (let done = 0; ; onProgress(done)) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return done;
        for (const { Body = '', ReceiptHandle } of Messages) {
          const Payload = Buffer.from(JSON.stringify(eventIn(Body)));
          await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
          // Only now that Lambda has it: what breaks off in between comes twice and is not lost.
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          done += 1;
        }
      }
    },
  };
}

async function failureDestination(lambda: LambdaClient, FunctionName: string): Promise<string> {
  try {
    const { DestinationConfig } = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    return DestinationConfig?.OnFailure?.Destination ?? '';
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return '';
    throw error;
  }
}

interface DeadLetter {
  /** Of Lambda's record of an invocation. */
  readonly requestContext?: unknown;
  readonly requestPayload?: unknown;
  /** Of a message of SNS. */
  readonly Type?: string;
  readonly UnsubscribeURL?: string;
}

/**
 * The event of a dead letter, as the function was or would have been invoked with it: Lambda leaves its record of the invocation
 * ("Capturing records of Lambda asynchronous invocations", AWS Lambda Developer Guide), a subscription of SNS its message, and
 * EventBridge the event itself.
 */
export function eventIn(body: string): unknown {
  const letter = JSON.parse(body) as DeadLetter;
  if (letter.requestContext !== undefined) return letter.requestPayload;
  if (letter.Type !== 'Notification') return letter;
  const query = letter.UnsubscribeURL ? new URL(letter.UnsubscribeURL).searchParams : undefined;
  const EventSubscriptionArn = query?.get('SubscriptionArn') ?? undefined;
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn, Sns: letter }] };
}
