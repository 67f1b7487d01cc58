import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `CloudWatch Logs API Reference, ${operation}`;
export const logStreamName = 'stream';

/** A log group of its own with one stream, `logStreamName`; `put` writes there, a millisecond apart. */
export async function group(target: Target) {
  const logs = target.client(CloudWatchLogsClient);
  const logGroupName = target.name();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  target.afterwards(() => logs.send(new DeleteLogGroupCommand({ logGroupName })));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const put = (messages: string[], at = Date.now()) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message, i) => ({ message, timestamp: at + i })),
      }),
    );
  return { logs, logGroupName, put };
}
