import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface Redrive {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly queueUrl: string;
  readonly functionName: string;
}

/**
 * Gives the function every event that waits in the failure queue, and takes it from the queue once Lambda has it: an event whose
 * redrive breaks off in between comes twice, none is lost. Says how many there were.
 */
export async function redrive({ sqs, lambda, queueUrl: QueueUrl, functionName }: Redrive): Promise<number> {
  for (let count = 0; ; ) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return count;
    for (const message of Messages) {
      const Payload = Buffer.from(JSON.stringify(eventIn(message)));
      await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      count += 1;
    }
  }
}

/**
 * EventBridge leaves the event itself, Lambda its record of the invocation with the event as `requestPayload` ("Capturing records
 * of Lambda asynchronous invocations", AWS Lambda Developer Guide).
 */
export function eventIn({ Body = '' }: Pick<Message, 'Body'>): unknown {
  const body = JSON.parse(Body) as { requestContext?: unknown; requestPayload?: unknown };
  return body.requestContext === undefined ? body : body.requestPayload;
}
