import type { Distribution, LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import type { Call, Cloud } from '../../service.ts';
import { groupNotFound, streamNotFound } from './errors.ts';
import { type GroupReference, groupNameOf } from './log-group-reference.ts';

export interface StoredEvent {
  /** Milliseconds since the epoch, as are all times here. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
  /** Order of arrival within the account and region: tells events of one millisecond apart. */
  readonly sequence: number;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  /** In order of timestamp, then of arrival. */
  events: StoredEvent[];
  lastIngestionTime?: number;
}

export interface SubscriptionFilter {
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly roleArn: string;
  readonly distribution: Distribution;
  readonly createdAt: number;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly class: LogGroupClass;
  readonly kmsKeyId?: string | undefined;
  readonly deletionProtection: boolean;
  /** Absent: events never expire. */
  retentionInDays?: number | undefined;
  tags: Map<string, string>;
  readonly streams: Map<string, LogStream>;
  readonly subscriptionFilters: Map<string, SubscriptionFilter>;
}

/** Lets AWS services write into the account's log groups. */
export interface ResourcePolicy {
  readonly name: string;
  readonly document: string;
  /** Milliseconds since the epoch. */
  readonly updated: number;
}

export interface LogsState {
  readonly groups: Map<string, LogGroup>;
  readonly resourcePolicies: Map<string, ResourcePolicy>;
  eventsAccepted: number;
}

const dayMs = 24 * 3_600_000;

export function logsOf(cloud: Cloud, account: string, region: string): LogsState {
  return cloud.store('logs', account, region, () => ({
    groups: new Map<string, LogGroup>(),
    resourcePolicies: new Map<string, ResourcePolicy>(),
    eventsAccepted: 0,
  }));
}

/** The group an input names, without the events that have expired. Throws ResourceNotFoundException. */
export function groupOf(input: GroupReference, call: Call): LogGroup {
  const group = logsOf(call.cloud, call.account, call.region).groups.get(groupNameOf(input));
  if (!group) throw groupNotFound();
  expire(group, call.cloud.clock.now());
  return group;
}

export function streamOf(group: LogGroup, name: string | undefined): LogStream {
  const stream = group.streams.get(name ?? '');
  if (!stream) throw streamNotFound();
  return stream;
}

/** Events from before this are expired. AWS deletes them within 72 hours; here they are gone at once. */
export function retentionStart(group: LogGroup, now: number): number {
  return group.retentionInDays === undefined ? 0 : now - group.retentionInDays * dayMs;
}

export function expire(group: LogGroup, now: number): void {
  const start = retentionStart(group, now);
  for (const stream of group.streams.values()) {
    const first = stream.events[0];
    if (first && first.timestamp < start) stream.events = stream.events.slice(countBefore(stream.events, start));
  }
}

/** How many of the events are from before `timestamp`. */
export function countBefore(events: readonly StoredEvent[], timestamp: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as StoredEvent).timestamp < timestamp) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By timestamp, then by arrival: the order of GetLogEvents and FilterLogEvents. */
export function compareEvents(a: StoredEvent, b: StoredEvent): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

/** Size as the service counts it: the message in UTF-8 and 26 bytes (PutLogEvents, CloudWatch Logs API Reference). */
export function eventBytes(event: { message: string }): number {
  return Buffer.byteLength(event.message) + 26;
}
