import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { UserEvent } from '@stackyard/egress';
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
  const [events, sqs, lambda, logs] = [
    new EventBridgeClient({}),
    new SQSClient({}),
    new LambdaClient({}),
    new CloudWatchLogsClient({}),
  ];
  const kept: { id: string; body: string }[] = [];

  return {
    FunctionName,
    QueueUrl,
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
    /** How many invocations of the consumer there have been, and how many of them at once, by Lambda's own reports. */
    async invocations(): Promise<{ count: number; mostAtOnce: number }> {
      const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const input = { logGroupName: LoggingConfig?.LogGroup, filterPattern: '{ $.type = "platform.*" }' };
      let count = 0;
      const steps: [time: number, change: 1 | -1][] = [];
      for await (const page of paginateFilterLogEvents({ client: logs }, input)) {
        for (const { message = '' } of page.events ?? []) {
          const { time, type } = JSON.parse(message);
          if (type === 'platform.start') count += 1;
          if (type === 'platform.start' || type === 'platform.report')
            steps.push([Date.parse(time), type === 'platform.start' ? 1 : -1]);
        }
      }
      // What ends in the moment in which another begins is no longer there.
      steps.sort(([a, change], [b, other]) => a - b || change - other);
      let running = 0;
      const levels = steps.map(([, change]) => (running += change));
      return { count, mostAtOnce: Math.max(0, ...levels) };
    },
  };
}
