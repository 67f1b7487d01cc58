import { AwsError } from '../errors.ts';
import type { Caller, Cloud } from '../service.ts';
import { isConsumerArn } from '../services/kinesis/consumer-reference.ts';
import { functionRole } from '../services/lambda/assume-role.ts';
import { functionOf, targetOf } from '../services/lambda/function-reference.ts';
import { dynamodbSource } from './dynamodb-source.ts';
import { kinesisConsumerSource } from './kinesis-consumer-source.ts';
import { kinesisSource } from './kinesis-source.ts';
import { allMappings, type EventSourceMapping, isQueueArn, mappingsOf } from './mapping.ts';
import { pollQueue } from './queue-poller.ts';
import { queueSource } from './queue-source.ts';
import { pollStream } from './stream-poller.ts';

interface Poller {
  readonly stop: AbortController;
  readonly stopped: Promise<void>;
}

/** After an error a poller begins again from its checkpoints. */
const restartMs = 1000;
const longestRestartMs = 60_000;
/** The role's session is taken anew after this long, so that a changed trust policy is noticed. */
const sessionMs = 15 * 60_000;

const pollers = new WeakMap<Cloud, Map<string, Poller>>();

function pollersOf(cloud: Cloud): Map<string, Poller> {
  const running = pollers.get(cloud) ?? new Map<string, Poller>();
  pollers.set(cloud, running);
  return running;
}

/** Begins to poll for an enabled mapping. */
export function startPoller(cloud: Cloud, mapping: EventSourceMapping): void {
  const running = pollersOf(cloud);
  if (running.has(mapping.uuid)) return;
  const stop = new AbortController();
  running.set(mapping.uuid, { stop, stopped: poll(cloud, mapping, stop.signal) });
}

/** Resolves when nothing of the mapping is under way any more: an invocation that runs is waited for. */
export async function stopPoller(cloud: Cloud, mapping: EventSourceMapping): Promise<void> {
  const running = pollersOf(cloud);
  const poller = running.get(mapping.uuid);
  running.delete(mapping.uuid);
  poller?.stop.abort(new Error('the event source mapping stopped'));
  await poller?.stopped;
}

/** Takes up every mapping that an earlier run of the cloud kept; transitions it had begun are over. */
export function startAllPollers(cloud: Cloud): void {
  for (const mapping of allMappings(cloud)) {
    if (mapping.state === 'Deleting') {
      mappingsOf(cloud, mapping.account, mapping.region).delete(mapping.uuid);
      continue;
    }
    mapping.state = mapping.enabled ? 'Enabled' : 'Disabled';
    if (mapping.enabled) startPoller(cloud, mapping);
  }
}

export function stopAllPollers(cloud: Cloud): void {
  for (const { stop } of pollersOf(cloud).values()) stop.abort(new Error('the cloud is closing'));
  pollersOf(cloud).clear();
}

async function poll(cloud: Cloud, mapping: EventSourceMapping, stopped: AbortSignal): Promise<void> {
  for (let failures = 0; !stopped.aborted; failures += 1) {
    // What one shard's reader met ends the others too, and all begin again.
    const attempt = new AbortController();
    const signal = AbortSignal.any([stopped, attempt.signal]);
    try {
      await pollSource(cloud, mapping, signal);
    } catch (error) {
      if (stopped.aborted) return;
      attempt.abort(error);
      mapping.lastProcessingResult = problemOf(error, mapping);
      if (!(error instanceof AwsError)) {
        cloud.log(`lambda: event source mapping ${mapping.uuid} failed: ${(error as Error).stack}`);
      } else if (isQueueArn(mapping.eventSourceArn)) {
        // Mappings of queues have no LastProcessingResult that would tell.
        cloud.log(`lambda: event source mapping ${mapping.uuid} cannot use its queue: ${error.message}`);
      }
    }
    const wait = Math.min(restartMs * 2 ** Math.min(failures, 10), longestRestartMs);
    await cloud.clock.sleep(wait, stopped).catch(() => undefined);
  }
}

/** Rejects when the signal is aborted, or at an error that a new beginning may get past. */
function pollSource(cloud: Cloud, mapping: EventSourceMapping, signal: AbortSignal): Promise<void> {
  const session = roleSession(cloud, mapping);
  if (isQueueArn(mapping.eventSourceArn)) {
    return pollQueue({ cloud, mapping, signal, source: queueSource(cloud, mapping.eventSourceArn, session, signal) });
  }
  const source = streamSource(cloud, mapping.eventSourceArn, session, signal);
  return pollStream({ cloud, mapping, source, signal, retentionMs: Number.POSITIVE_INFINITY });
}

function streamSource(cloud: Cloud, arn: string, session: ReturnType<typeof roleSession>, signal: AbortSignal) {
  if (arn.startsWith('arn:aws:dynamodb:')) return dynamodbSource(cloud, arn, session);
  return isConsumerArn(arn) ? kinesisConsumerSource(cloud, arn, session, signal) : kinesisSource(cloud, arn, session);
}

/** What a poller that may not read says, in the words of CreateEventSourceMapping. */
export function cannotAccess(streamArn: string): string {
  if (isConsumerArn(streamArn)) {
    return `Cannot access stream consumer ${streamArn}. Please ensure the role can perform the SubscribeToShard Action on the consumer and the DescribeStream Action on its stream in IAM.`;
  }
  return `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`;
}

function problemOf(error: unknown, mapping: EventSourceMapping): string {
  if (!(error instanceof AwsError)) return 'PROBLEM: Internal Lambda error.';
  if (error.code.startsWith('AccessDenied')) return `PROBLEM: ${cannotAccess(mapping.eventSourceArn)}`;
  return `PROBLEM: ${error.message}`;
}

/** The function's role as it is now; the session is kept for a while. */
function roleSession(cloud: Cloud, mapping: EventSourceMapping) {
  let session: { caller: Caller; roleArn: string; until: number } | undefined;
  return async (): Promise<{ caller: Caller; roleArn: string }> => {
    const found = functionOf(cloud, mapping.target);
    const roleArn = targetOf(found, mapping.target).version.settings.role;
    const now = cloud.clock.now();
    if (session && session.roleArn === roleArn && session.until > now) return session;
    const { caller } = await functionRole(cloud, found, roleArn);
    session = { caller, roleArn, until: now + sessionMs };
    return session;
  };
}
