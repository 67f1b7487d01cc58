import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Call, Cloud } from '../../service.ts';
import type { TokenBucket } from '../../token-bucket.ts';
import type { Due } from './due-times.ts';
import { queueDoesNotExist } from './errors.ts';
import type { Line } from './line.ts';
import type { MoveTask } from './message-move-tasks.ts';
import { locateUrl, type QueueLocation } from './queue-reference.ts';

/** What a sender gave, and what SQS noted when it came. */
export interface MessageContent {
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly attributesMd5: string | undefined;
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly senderId: string;
  /** Body and attributes. */
  readonly bytes: number;
}

export interface Message extends MessageContent {
  readonly id: string;
  /** Milliseconds since the epoch; a dead-letter queue keeps it. */
  readonly sentAt: number;
  /** What the retention period counts from: `sentAt`, in FIFO dead-letter queues the move ("Message retention"). */
  readonly retainedFrom: number;
  readonly sequenceNumber: string | undefined;
  /** ARN of the queue whose redrive policy moved it here. */
  readonly deadLetterSource: string | undefined;
  state: 'visible' | 'delayed' | 'in-flight';
  /** Counts changes of visibility, so that what was waiting for an earlier one knows. */
  turn: number;
  /** Receives in all queues. */
  receiveCount: number;
  /** Receives in this queue: what its redrive policy counts, and the newest receipt handle's number. */
  receivesHere: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number | undefined;
}

/** The messages of one group of a FIFO queue. */
export interface Group {
  /** Ids in the order they were sent. */
  readonly messages: string[];
  /** While it is not 0, nothing of the group is given out. */
  inFlight: number;
  /** It stands in the line of groups. */
  offered: boolean;
}

/** Answer of an earlier receive with a ReceiveRequestAttemptId. */
export interface Attempt {
  readonly at: number;
  readonly received: { readonly id: string; readonly turn: number }[];
}

export interface Queue extends QueueLocation {
  readonly arn: string;
  readonly fifo: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  modifiedAt: number;
  /** Those set by the queue's owner, as text. */
  attributes: Record<string, string>;
  readonly tags: Map<string, string>;
  readonly messages: Map<string, Message>;
  inFlight: number;
  /** When delayed and in-flight messages become visible: a heap. */
  readonly due: Due[];
  /** Of standard queues: ids of visible messages, possibly of ones deleted since. */
  readonly visible: Line<string>;
  readonly groups: Map<string, Group>;
  /** Of FIFO queues: groups whose first message may be visible. */
  readonly offeredGroups: Line<string>;
  lastSequence: bigint;
  /** What was sent within five minutes, by deduplication id, and by group where the scope is the group. */
  readonly deduplication: Map<string, { readonly until: number; readonly id: string; readonly sequenceNumber: string }>;
  readonly attempts: Map<string, Attempt>;
  /** What is left of a FIFO queue's throughput, by API action. */
  readonly throughput: Map<string, TokenBucket>;
  purgedAt: number | undefined;
  /** When somebody last used it or it held a message: its metrics end six hours later. */
  usedAt: number;
}

export interface SqsState {
  readonly queues: Map<string, Queue>;
  /** When queues of these names were deleted. */
  readonly deleted: Map<string, number>;
  /** The latest first. */
  readonly moveTasks: MoveTask[];
}

export function sqsState(cloud: Cloud, { account, region }: Pick<QueueLocation, 'account' | 'region'>): SqsState {
  return cloud.store(
    'sqs',
    account,
    region,
    (): SqsState => ({ queues: new Map(), deleted: new Map(), moveTasks: [] }),
  );
}

export function queueAt(cloud: Cloud, location: QueueLocation): Queue | undefined {
  return sqsState(cloud, location).queues.get(location.name);
}

/** The queue an input names by its URL. Throws QueueDoesNotExist. */
export function queueOf(input: { readonly QueueUrl?: string | undefined }, call: Call): Queue {
  const queue = queueAt(call.cloud, locateUrl(input.QueueUrl, call));
  if (!queue) throw queueDoesNotExist();
  queue.usedAt = call.cloud.clock.now();
  return queue;
}
