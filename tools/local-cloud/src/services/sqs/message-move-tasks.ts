import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../service.ts';
import { addMessage, giveBack, removeMessage, takeVisible } from './queue-messages.ts';
import { locateArn } from './queue-reference.ts';
import { type Message, type Queue, queueAt, sqsState } from './state.ts';

/** A redrive. Plain data: one that was running goes on when the cloud starts again. */
export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** None: back to where each message came from. */
  readonly destinationArn: string | undefined;
  /** Messages per second, if limited. */
  readonly rate: number | undefined;
  readonly startedAt: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason: string | undefined;
}

/** "The maximum is 500 messages per second", StartMessageMoveTask; unlimited tasks move as many here. */
export const fastest = 500;

const timers = new WeakMap<Cloud, Set<() => void>>();

/** Begins to move, a tenth of a second's share at a time, or with a limit a second's share each second. */
export function runMoveTask(cloud: Cloud, task: MoveTask): void {
  const waiting = timers.get(cloud) ?? new Set();
  timers.set(cloud, waiting);
  const { every, share } =
    task.rate === undefined ? { every: 100, share: fastest / 10 } : { every: 1000, share: task.rate };
  const cancel = cloud.clock.after(every, () => {
    waiting.delete(cancel);
    if (task.status !== 'RUNNING') return;
    moveSome(cloud, task, share);
    if (task.status === 'RUNNING') runMoveTask(cloud, task);
  });
  waiting.add(cancel);
}

/** Takes up the tasks that an earlier run left. */
export function resumeMoveTasks(cloud: Cloud): void {
  for (const scope of cloud.scopes('sqs')) {
    for (const task of sqsState(cloud, scope).moveTasks) if (task.status === 'RUNNING') runMoveTask(cloud, task);
  }
}

export function stopMoveTasks(cloud: Cloud): void {
  for (const cancel of timers.get(cloud) ?? []) cancel();
  timers.delete(cloud);
}

function moveSome(cloud: Cloud, task: MoveTask, most: number): void {
  const now = cloud.clock.now();
  const source = queueAt(cloud, locateArn('SourceArn', task.sourceArn));
  if (!source) fail(task, 'AWS.SimpleQueueService.NonExistentQueue');
  for (let i = 0; source && task.status === 'RUNNING' && i < most; i++) {
    const [message] = takeVisible(source, 1, now);
    if (message) moveOne(cloud, task, source, message);
    else task.status = 'COMPLETED';
  }
}

function moveOne(cloud: Cloud, task: MoveTask, source: Queue, message: Message): void {
  const arn = task.destinationArn ?? message.deadLetterSource;
  const destination = arn === undefined ? undefined : queueAt(cloud, locateArn('DestinationArn', arn));
  if (destination) {
    move(source, destination, message, cloud.clock.now());
    task.moved += 1;
    return;
  }
  giveBack(source, message);
  fail(task, arn === undefined ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue');
}

/**
 * "All redriven messages are considered new messages with a new messageID and enqueueTime", Configure a dead-letter queue
 * redrive.
 */
function move(source: Queue, destination: Queue, message: Message, now: number): void {
  removeMessage(source, message);
  const fresh = { id: randomUUID(), sentAt: now, retainedFrom: now, deadLetterSource: undefined, receiveCount: 0 };
  addMessage(destination, { ...message, ...fresh, firstReceivedAt: undefined, lastReceivedAt: undefined }, 0, now);
}

function fail(task: MoveTask, reason: string): void {
  task.status = 'FAILED';
  task.failureReason = reason;
}

/** The queue's running task, if it has one: there is at most one. */
export function runningTask(cloud: Cloud, source: Queue): MoveTask | undefined {
  return sqsState(cloud, source).moveTasks.find((task) => task.sourceArn === source.arn && task.status === 'RUNNING');
}
