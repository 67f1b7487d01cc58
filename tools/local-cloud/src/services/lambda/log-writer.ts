import { AwsError } from '../../errors.ts';
import type { EnvironmentLog } from '../../lambda-environment/types.ts';
import type { Caller, Cloud } from '../../service.ts';

export interface LogWriter {
  write(log: EnvironmentLog): void;
  /** Resolves when everything written so far has arrived or was refused. */
  flushed(): Promise<void>;
}

/** "PutLogEvents": events and bytes of one batch; each event counts 26 bytes more than its message. */
const mostEvents = 10_000;
const largestBatch = 1_048_576;
const overhead = 26;

/**
 * Writes an environment's lines to CloudWatch Logs, in order, as the function's role. A role that may not write there
 * writes nothing, and nobody is told, as on AWS.
 */
export function createLogWriter(
  cloud: Cloud,
  as: { caller: Caller; region: string },
  { logGroupName, logStreamName }: { logGroupName: string; logStreamName: string },
): LogWriter {
  let pending: EnvironmentLog[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const lines = pending;
    pending = [];
    for (const logEvents of batches(lines)) {
      try {
        await put(logEvents);
      } catch (error) {
        if (isDenied(error)) continue;
        cloud.log(`lambda: ${logEvents.length} lines for ${logGroupName} were lost: ${(error as Error).message}`);
      }
    }
  }

  async function put(logEvents: LogEvent[]): Promise<void> {
    const input = { logGroupName, logStreamName, logEvents };
    try {
      await cloud.call('logs', 'PutLogEvents', input, as);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
      await createDestination();
      await cloud.call('logs', 'PutLogEvents', input, as);
    }
  }

  async function createDestination(): Promise<void> {
    // A role may lack the right to create a group that is already there.
    await cloud.call('logs', 'CreateLogGroup', { logGroupName }, as).catch(unlessThereOrDenied);
    await cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as).catch(unlessThereOrDenied);
  }

  return {
    write(log) {
      pending.push(log);
      // Lines that come while a batch is on its way make the next one.
      if (pending.length === 1) writing = writing.then(flush);
    },
    flushed: () => writing,
  };
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

function batches(lines: readonly EnvironmentLog[]): LogEvent[][] {
  // A batch has to be in order of time, and processes' own times may overtake the platform's.
  const events = lines.map(({ time, message }) => ({ timestamp: time, message }));
  events.sort((a, b) => a.timestamp - b.timestamp);
  const result: LogEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + overhead;
    const batch = result.at(-1);
    if (!batch || bytes + size > largestBatch || batch.length === mostEvents) {
      result.push([event]);
      bytes = size;
    } else {
      batch.push(event);
      bytes += size;
    }
  }
  return result;
}

function isDenied(error: unknown): boolean {
  return error instanceof AwsError && error.code.startsWith('AccessDenied');
}

function unlessThereOrDenied(error: unknown): void {
  if (isDenied(error)) return;
  if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
}
