import { hash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { AwsError } from '../../errors.ts';
import type { Call, Caller, Cloud } from '../../service.ts';
import { formatEventId } from './event-id.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import { groupArn } from './log-group-reference.ts';
import type { LogGroup, StoredEvent, SubscriptionFilter } from './state.ts';

/**
 * Subscription filters deliver to a Kinesis stream ("Subscription filters with Kinesis Data Streams", CloudWatch Logs
 * User Guide): per batch and matching filter one record, a gzipped DATA_MESSAGE, put with the filter's role.
 */

const retryMs = 1000;
/** "Throttled log deliveries are retried for up to 24 hours." */
const longestRetryMs = 24 * 3_600_000;

interface Deliveries {
  readonly stopped: AbortController;
  /** The last delivery of each filter and log stream: the next one waits for it, which keeps the order. */
  readonly last: Map<string, Promise<void>>;
}

const running = new WeakMap<Cloud, Deliveries>();

/** Starts the delivery of accepted events; who put them does not wait for it. */
export function deliver(group: LogGroup, stream: string, events: readonly StoredEvent[], call: Call): void {
  for (const filter of group.subscriptionFilters.values()) {
    const matches = compileFilterPattern(filter.pattern);
    const matching = events.filter((event) => matches(event.message));
    if (matching.length > 0) enqueue(group, stream, filter, matching, call);
  }
}

/** Drops what is not delivered yet. */
export async function stopDeliveries(cloud: Cloud): Promise<void> {
  const deliveries = running.get(cloud);
  running.delete(cloud);
  deliveries?.stopped.abort(new Error('the cloud is closing'));
  await Promise.all(deliveries?.last.values() ?? []);
}

/** Checks a destination with a CONTROL_MESSAGE, as AWS does before it keeps a filter. Throws what the destination says. */
export async function checkDestination(group: LogGroup, filter: SubscriptionFilter, call: Call): Promise<void> {
  const message = 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.';
  const data = await pack({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: call.cloud.clock.now(), message }],
  });
  await put({ group, filter }, data, randomUUID(), call);
}

function enqueue(
  group: LogGroup,
  stream: string,
  filter: SubscriptionFilter,
  events: readonly StoredEvent[],
  call: Call,
): void {
  const deliveries = running.get(call.cloud) ?? { stopped: new AbortController(), last: new Map() };
  running.set(call.cloud, deliveries);
  const key = JSON.stringify([call.account, call.region, group.name, filter.name, stream]);
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: call.account,
    logGroup: group.name,
    logStream: stream,
    subscriptionFilters: [filter.name],
    logEvents: events.map((event) => ({
      id: formatEventId(event),
      timestamp: event.timestamp,
      message: event.message,
    })),
  };
  const partitionKey = filter.distribution === 'Random' ? randomUUID() : hash('md5', key);
  const before = deliveries.last.get(key) ?? Promise.resolve();
  const delivery = before.then(() =>
    putPatiently({ group, filter }, message, partitionKey, call, deliveries.stopped.signal),
  );
  deliveries.last.set(key, delivery);
  void delivery.then(() => {
    if (deliveries.last.get(key) === delivery) deliveries.last.delete(key);
  });
}

interface Subscription {
  readonly group: LogGroup;
  readonly filter: SubscriptionFilter;
}

async function putPatiently(
  subscription: Subscription,
  message: object,
  partitionKey: string,
  call: Call,
  stopped: AbortSignal,
): Promise<void> {
  const { clock } = call.cloud;
  const giveUp = clock.now() + longestRetryMs;
  const data = await pack(message);
  while (!stopped.aborted) {
    try {
      return await put(subscription, data, partitionKey, call);
    } catch (error) {
      const isThrottled = error instanceof AwsError && error.code === 'ProvisionedThroughputExceededException';
      if (!isThrottled || clock.now() >= giveUp) {
        call.cloud.log(`logs: dropped a delivery of filter ${subscription.filter.name}: ${(error as Error).message}`);
        return;
      }
    }
    await clock.sleep(retryMs, stopped).catch(() => undefined);
  }
}

async function put({ group, filter }: Subscription, data: Buffer, partitionKey: string, call: Call): Promise<void> {
  const caller = await roleSession(filter.roleArn, group, call);
  const input = { StreamARN: filter.destinationArn, Data: data, PartitionKey: partitionKey };
  const region = filter.destinationArn.split(':')[3] ?? call.region;
  await call.cloud.call('kinesis', 'PutRecord', input, { caller, region });
}

/**
 * Roles trust the service under its global or its regional name, and may ask for whom it acts: trust policies compare
 * aws:SourceArn with `arn:aws:logs:region:123456789012:*` ("Subscription filters with Kinesis Data Streams" and "Confused
 * deputy prevention", CloudWatch Logs User Guide).
 */
async function roleSession(roleArn: string, group: LogGroup, call: Call): Promise<Caller> {
  const context = { 'aws:SourceArn': `${groupArn(group.name, call)}:*`, 'aws:SourceAccount': call.account };
  const assume = (principal: string) => call.cloud.assumeRole(roleArn, 'CloudWatchLogs', principal, context);
  try {
    return (await assume('logs.amazonaws.com')).caller;
  } catch {
    return (await assume(`logs.${call.region}.amazonaws.com`)).caller;
  }
}

const pack = (message: object): Promise<Buffer> => promisify(gzip)(JSON.stringify(message));
