import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeployedPattern } from '@stackyard/egress/proof';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** The consumer behind the queue, sent to by way of the event bus. */
export async function deployed(): Promise<DeployedPattern> {
  const outputs = await stackOutputs(`${stage}-egress-eventbridge`);
  const { EventBusName, LevelledFunctionName = '', LevelledDeadLetterQueueUrl: QueueUrl } = outputs;
  const [events, sqs] = [new EventBridgeClient({}), new SQSClient({})];
  return {
    functionName: LevelledFunctionName,
    async send(messages) {
      // One detail type that the rule takes, so that poison comes through too: it is the detail that makes it so.
      const event = { EventBusName, Source: 'com.company.myservice.bulk', DetailType: 'user.profile_updated' };
      const Entries = messages.map(({ text }) => ({ ...event, Detail: text }));
      const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount) throw new Error(`${FailedEntryCount} of ${messages.length} events were not put`);
    },
    async givenUp() {
      const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
      return [...new Map(Messages.map(({ MessageId, Body = '' }) => [MessageId, [Body]])).values()];
    },
  };
}
