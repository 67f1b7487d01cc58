import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { UserEvent } from '@stackyard/egress';
import { invocationsOf } from '@stackyard/egress/proof';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** An event as a producer puts it: of the type it says, whatever its detail is. */
export type Put = Pick<UserEvent, 'id' | 'type'>;

/** The deployed pattern. */
export async function deployedBus() {
  const {
    EventBusName,
    DirectFunctionName: FunctionName = '',
    FailureQueueUrl: QueueUrl = '',
  } = await stackOutputs(`${stage}-egress-eventbridge`);
  const [events, sqs] = [new EventBridgeClient({}), new SQSClient({})];
  const kept: { id: string; body: string }[] = [];

  return {
    FunctionName,
    async put(details: readonly Put[], Source = 'com.company.myservice'): Promise<void> {
      for (let i = 0; i < details.length; i += 10) {
        const Entries = details.slice(i, i + 10).map((detail) => ({
          EventBusName,
          Source,
          DetailType: detail.type,
          Detail: JSON.stringify(detail),
        }));
        const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
        if (FailedEntryCount) throw new Error(`${FailedEntryCount} of ${Entries.length} events were not put`);
      }
    },
    /** Takes what waits in the failure queue out of it and gives all that came of these events so far. */
    async givenUp(ids: readonly string[]): Promise<string[]> {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        kept.push({ id: ids.find((id) => Body.includes(id)) ?? 'somebody else’s', body: Body });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return kept.map(({ id }) => id).filter((id) => ids.includes(id));
    },
    invocations: () => invocationsOf(FunctionName),
  };
}
