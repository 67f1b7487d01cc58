import { AwsError } from '../errors.ts';
import type { Caller } from '../service.ts';
import type { Place } from '../services/ecs/state.ts';
import { createLogWriter } from '../services/lambda/log-writer.ts';
import { createLineSplitter } from './log-lines.ts';
import { type LogDriver, StartError } from './types.ts';

interface AwslogsOptions {
  readonly options: Readonly<Record<string, string>>;
  readonly containerName: string;
  readonly taskId: string;
}

/**
 * The awslogs driver: one log stream `<prefix>/<container>/<task id>` per container, written to with the execution role
 * ("Send Amazon ECS logs to CloudWatch"). Throws StartError when the stream cannot be made.
 */
export async function startAwslogs(
  { options, containerName, taskId }: AwslogsOptions,
  { cloud }: Place,
  executionRole: Caller,
): Promise<LogDriver> {
  const logGroupName = options['awslogs-group'] ?? '';
  const logStreamName = `${options['awslogs-stream-prefix']}/${containerName}/${taskId}`;
  const as = { caller: executionRole, region: options['awslogs-region'] ?? '' };
  const create = async () => {
    if (options['awslogs-create-group'] === 'true') {
      await cloud.call('logs', 'CreateLogGroup', { logGroupName }, as).catch(unlessThere);
    }
    await cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as);
  };
  await create().catch((error) => {
    if (!(error instanceof AwsError)) throw error;
    throw new StartError(
      `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ${error.code}: ${error.message} : exit status 1`,
    );
  });
  const writer = createLogWriter(cloud, as, { logGroupName, logStreamName });
  const onPart = ({ text }: { text: string }) => {
    // CloudWatch Logs refuses empty messages.
    if (text !== '') writer.write({ time: cloud.clock.now(), message: text });
  };
  const splitters = { stdout: createLineSplitter(onPart), stderr: createLineSplitter(onPart) };
  return {
    write: (source, chunk) => splitters[source].write(chunk),
    async close() {
      splitters.stdout.end();
      splitters.stderr.end();
      await writer.flushed();
    },
  };
}

function unlessThere(error: unknown): void {
  if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
}
