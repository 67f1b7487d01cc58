import { AwsError } from '../../errors.ts';
import { emitDynamodbMetric } from '../../metrics/dynamodb-metrics.ts';
import type { Cloud } from '../../service.ts';
import type { Consumption } from './capacity.ts';
import { chargePartitions, exhaustedPartition } from './partition-throughput.ts';
import type { Index, Table } from './state.ts';

/** What a table or index can still read or write. Plain data. */
export interface Meter {
  /** Units left; below zero after a request that took more than there was. */
  tokens: number;
  /** When that was so, in milliseconds since the epoch. */
  at: number;
  /** The minute that is being counted, in milliseconds since the epoch, its units, and the most units a second before. */
  minute: number;
  inMinute: number;
  peak: number;
}

/** "DynamoDB currently retains up to 5 minutes (300 seconds) of unused read and write capacity." ("Burst capacity") */
const burstSeconds = 300;
/** "Initial throughput for on-demand capacity mode": new tables serve 4,000 write and 12,000 read units a second. */
const initial = { read: 12_000, write: 4_000 } as const;
/** "Throughput default quotas", Quotas in Amazon DynamoDB: 40,000 units a second for an on-demand table. */
const tableQuota = 40_000;

type Kind = 'read' | 'write';

/**
 * Lets a request pass and counts what it consumes, or throws ProvisionedThroughputExceededException (provisioned tables)
 * or ThrottlingException (on demand). As long as anything is left a request passes, however much it takes; what it takes
 * too much is paid back before the next one.
 */
export function meter(cloud: Cloud, table: Table, consumption: Consumption, operation: string): void {
  const refused = refusal(cloud, table, consumption, operation);
  if (refused) throw refused;
  charge(cloud, table, consumption);
}

/** The error a request would be refused with; counted in the metrics. */
export function refusal(cloud: Cloud, table: Table, consumption: Consumption, operation: string): AwsError | undefined {
  const now = cloud.clock.now();
  for (const { index, units } of shares(table, consumption)) {
    if (units === 0) continue;
    const rate = rateOf(table, index, consumption.kind);
    if (fill(meterOf(table, index, consumption.kind, now), rate, now).tokens > 0) continue;
    noteThrottling(cloud, table, index, consumption.kind, operation);
    return throttled(table, index, consumption.kind, 'whole');
  }
  const exhausted = exhaustedPartition(table, consumption, now);
  if (!exhausted) return undefined;
  const index = exhausted.index === undefined ? undefined : table.indexes.get(exhausted.index);
  noteThrottling(cloud, table, index, consumption.kind, operation);
  return throttled(table, index, consumption.kind, 'partition');
}

function noteThrottling(cloud: Cloud, table: Table, index: Index | undefined, kind: Kind, Operation: string): void {
  const event = kind === 'read' ? 'ReadThrottleEvents' : 'WriteThrottleEvents';
  emitDynamodbMetric(cloud, table, event, 1, index && { GlobalSecondaryIndexName: index.name });
  emitDynamodbMetric(cloud, table, 'ThrottledRequests', 1, { Operation });
}

/** Takes what an operation has used from the table and its indexes, into debt where need be, and emits the metrics. */
export function charge(cloud: Cloud, table: Table, consumption: Consumption): void {
  const now = cloud.clock.now();
  chargePartitions(table, consumption, now);
  const metric = consumption.kind === 'read' ? 'ConsumedReadCapacityUnits' : 'ConsumedWriteCapacityUnits';
  for (const { index, units } of shares(table, consumption)) {
    if (units === 0) continue;
    const used = meterOf(table, index, consumption.kind, now);
    fill(used, rateOf(table, index, consumption.kind), now);
    used.tokens -= units;
    count(used, units, now);
    emitDynamodbMetric(cloud, table, metric, units, index && { GlobalSecondaryIndexName: index.name });
  }
}

/** Is it what a table or the account answers when its capacity is used up? */
export function isThrottled(error: unknown): error is AwsError {
  if (!(error instanceof AwsError)) return false;
  return error.code === 'ProvisionedThroughputExceededException' || error.code === 'ThrottlingException';
}

/** Who pays: global indexes have capacity of their own, local ones share the table's. */
function shares(table: Table, { table: own, indexes }: Consumption): { index: Index | undefined; units: number }[] {
  let tableUnits = own;
  const global: { index: Index; units: number }[] = [];
  for (const [name, units] of indexes) {
    const index = table.indexes.get(name);
    if (index?.kind === 'global') global.push({ index, units });
    else tableUnits += units;
  }
  return [{ index: undefined, units: tableUnits }, ...global];
}

interface Rate {
  readonly perSecond: number;
  readonly capacity: number;
}

function rateOf(table: Table, index: Index | undefined, kind: Kind): Rate {
  const target = index ?? table;
  if (table.billingMode === 'PROVISIONED') return bursting(target.throughput[kind]);
  const { MaxReadRequestUnits, MaxWriteRequestUnits } = target.onDemandLimits ?? {};
  const most = kind === 'read' ? MaxReadRequestUnits : MaxWriteRequestUnits;
  // -1 takes a limit away ("OnDemandThroughput", API Reference).
  if (most !== undefined && most > 0) return { perSecond: most, capacity: most };
  // "instantly accommodates up to double the previous peak traffic on a table"
  const peak = table.meters.get(meterKey(index, kind))?.peak ?? 0;
  return bursting(Math.min(tableQuota, Math.max(initial[kind], 2 * peak)));
}

function bursting(perSecond: number): Rate {
  return { perSecond, capacity: perSecond * burstSeconds };
}

function meterKey(index: Index | undefined, kind: Kind): string {
  return index ? `${kind} ${index.name}` : kind;
}

/** A new one holds one second's units: nothing was left unused before. */
function meterOf(table: Table, index: Index | undefined, kind: Kind, now: number): Meter {
  const key = meterKey(index, kind);
  const present = table.meters.get(key);
  if (present) return present;
  const { perSecond } = rateOf(table, index, kind);
  const made = { tokens: perSecond, at: now, minute: now, inMinute: 0, peak: 0 };
  table.meters.set(key, made);
  return made;
}

function fill(used: Meter, { perSecond, capacity }: Rate, now: number): Meter {
  // A clock that was set back takes nothing away.
  const seconds = Math.max(0, now - used.at) / 1000;
  used.tokens = Math.min(capacity, used.tokens + seconds * perSecond);
  used.at = now;
  return used;
}

function count(used: Meter, units: number, now: number): void {
  if (now - used.minute >= 60_000) {
    used.peak = Math.max(used.peak, used.inMinute / 60);
    used.minute = now;
    used.inMinute = 0;
  }
  used.inMinute += units;
}

/** "DynamoDB throttling reasons", Developer Guide: the whole table or index is used up, or one partition of it. */
function throttled(table: Table, index: Index | undefined, kind: Kind, usedUp: 'whole' | 'partition'): AwsError {
  const resource = index ? `${table.arn}/index/${index.name}` : table.arn;
  const what = `${index ? 'Index' : 'Table'}${kind === 'read' ? 'Read' : 'Write'}`;
  if (table.billingMode === 'PROVISIONED') {
    const message = index
      ? 'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API'
      : 'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';
    const ThrottlingReasons = [
      { reason: `${what}${usedUp === 'whole' ? 'Provisioned' : 'KeyRange'}ThroughputExceeded`, resource },
    ];
    return new AwsError('ProvisionedThroughputExceededException', message, { members: { ThrottlingReasons } });
  }
  const limits = (index ?? table).onDemandLimits;
  const most = (kind === 'read' ? limits?.MaxReadRequestUnits : limits?.MaxWriteRequestUnits) ?? -1;
  const isLimited = usedUp === 'whole' && most > 0;
  const message = isLimited
    ? 'Throughput exceeds the maximum OnDemandThroughput configured on table or index.'
    : 'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';
  const reason = isLimited ? 'MaxOnDemandThroughputExceeded' : 'KeyRangeThroughputExceeded';
  const throttlingReasons = [{ reason: `${what}${reason}`, resource }];
  return new AwsError('ThrottlingException', message, { members: { throttlingReasons } });
}
