import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeployedPattern } from '@stackyard/egress/proof';
import { stackOutputs } from '@stackyard/proof-kit';

/** What Lambda tells of an event that it gave up ("Capturing records of Lambda asynchronous invocations"). */
export interface GivenUpEvent {
  readonly text: string;
  readonly condition: string;
  readonly attempts: number;
}

/** One of the two deployed stacks. */
export async function deployedTopic(context: 'egress-sns' | 'egress-sns-levelled') {
  const outputs = await stackOutputs(`${process.env['STACKYARD_STAGE'] ?? 'dev'}-${context}`);
  const { TopicArn, FunctionName: functionName = '', DeadLetterQueueUrl: QueueUrl } = outputs;
  const sns = new SNSClient({});
  const sqs = new SQSClient({});
  const letters = new Map<string, string>();

  async function publish(texts: readonly string[]): Promise<void> {
    for (let i = 0; i < texts.length; i += 10) {
      const entries = texts.slice(i, i + 10).map((Message, j) => ({ Id: `${j}`, Message }));
      const input = { TopicArn, PublishBatchRequestEntries: entries };
      const { Failed = [] } = await sns.send(new PublishBatchCommand(input));
      if (Failed.length > 0) throw new Error(`${Failed.length} of ${entries.length} messages were not published`);
    }
  }

  async function deadLetters(): Promise<string[]> {
    const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
    for (const { MessageId = '', Body = '' } of Messages) letters.set(MessageId, Body);
    return [...letters.values()];
  }

  /** As the claims of all egress patterns see it; its dead letters are the events themselves. */
  const pattern: DeployedPattern = {
    functionName,
    send: (messages) => publish(messages.map(({ text }) => text)),
    givenUp: async () => (await deadLetters()).map((text) => [text]),
  };

  return {
    ...pattern,
    publish,
    /** What Lambda gave up so far of a user's events. */
    async givenUpEvents(subject: string): Promise<GivenUpEvent[]> {
      const records = (await deadLetters()).map((body) => JSON.parse(body));
      const events = records.map(({ requestContext, requestPayload }) => ({
        text: requestPayload.Records[0].Sns.Message as string,
        condition: requestContext.condition,
        attempts: requestContext.approximateInvokeCount,
      }));
      return events.filter(({ text }) => text.includes(subject));
    },
  };
}
