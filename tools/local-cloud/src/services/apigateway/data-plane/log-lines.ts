import { AwsError } from '../../../errors.ts';
import type { Caller, Cloud } from '../../../service.ts';

interface Destination {
  readonly group: string;
  readonly stream: string;
  /** The group is the gateway's own, made with its first line. */
  readonly create?: boolean;
}

/** Appends lines to a log stream, which is made when it is not there. Throws what CloudWatch Logs and IAM refuse. */
export async function appendLines(
  cloud: Cloud,
  as: { readonly caller: Caller; readonly region: string },
  { group: logGroupName, stream: logStreamName, create = false }: Destination,
  messages: readonly string[],
): Promise<void> {
  const timestamp = cloud.clock.now();
  const logEvents = messages.map((message) => ({ timestamp, message }));
  const put = () => cloud.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as);
  try {
    await put();
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
    if (create) await unlessThere(cloud.call('logs', 'CreateLogGroup', { logGroupName }, as));
    await unlessThere(cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as));
    await put();
  }
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
  });
}
