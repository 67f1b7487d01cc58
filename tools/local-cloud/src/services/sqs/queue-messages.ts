import { randomUUID } from 'node:crypto';
import { addDue, takeDue } from './due-times.ts';
import { groupOf, groupSent, takeFromGroups, unlock } from './groups.ts';
import { join, next } from './line.ts';
import type { Message, MessageContent, Queue } from './state.ts';
import { ring } from './waiting.ts';

/** A message that is new in a queue. */
type Arrival = MessageContent & Pick<Message, 'sentAt' | 'retainedFrom' | 'deadLetterSource'> & Partial<Message>;

/** Puts a message into a queue, visible after `delayMs`. */
export function addMessage(queue: Queue, arrival: Arrival, delayMs: number, now: number): Message {
  const message: Message = {
    receiveCount: 0,
    firstReceivedAt: undefined,
    lastReceivedAt: undefined,
    id: randomUUID(),
    ...arrival,
    sequenceNumber: queue.fifo ? nextSequenceNumber(queue) : undefined,
    state: delayMs > 0 ? 'delayed' : 'visible',
    turn: 0,
    receivesHere: 0,
  };
  queue.messages.set(message.id, message);
  if (queue.fifo) groupSent(queue, message);
  if (message.state === 'delayed') addDue(queue.due, { at: now + delayMs, id: message.id, turn: 0 });
  else if (!queue.fifo) join(queue.visible, message.id);
  ring(queue);
  return message;
}

/** "SequenceNumber: the length is 128 bits; it continues to increase for a particular MessageGroupId", SendMessage. */
function nextSequenceNumber(queue: Queue): string {
  queue.lastSequence += 256n;
  return queue.lastSequence.toString();
}

/** Lets those messages be seen again whose delay or visibility timeout is over. */
export function settle(queue: Queue, now: number): void {
  for (let due = takeDue(queue.due, now); due; due = takeDue(queue.due, now)) {
    const message = queue.messages.get(due.id);
    if (message?.turn === due.turn && message.state !== 'visible') show(queue, message);
  }
}

/** Makes a delayed or in-flight message visible. */
export function show(queue: Queue, message: Message): void {
  const wasInFlight = message.state === 'in-flight';
  message.state = 'visible';
  message.turn += 1;
  if (wasInFlight) queue.inFlight -= 1;
  if (queue.fifo) unlock(queue, groupOf(queue, message), wasInFlight ? 1 : 0);
  else join(queue.visible, message.id);
  ring(queue);
}

/** Hides a message that is visible or in flight until a time in milliseconds since the epoch. */
export function hide(queue: Queue, message: Message, until: number): void {
  if (message.state !== 'in-flight') {
    queue.inFlight += 1;
    if (queue.fifo) groupOf(queue, message).inFlight += 1;
  }
  message.state = 'in-flight';
  message.turn += 1;
  addDue(queue.due, { at: until, id: message.id, turn: message.turn });
}

export function removeMessage(queue: Queue, message: Message): void {
  queue.messages.delete(message.id);
  if (message.state === 'in-flight') queue.inFlight -= 1;
  if (!queue.fifo) return;
  const group = groupOf(queue, message);
  group.messages.splice(group.messages.indexOf(message.id), 1);
  unlock(queue, group, message.state === 'in-flight' ? 1 : 0, message.groupId);
  ring(queue);
}

export function isExpired(queue: Queue, message: Message, now: number): boolean {
  return message.retainedFrom + Number(queue.attributes['MessageRetentionPeriod']) * 1000 <= now;
}

/**
 * Takes up to `most` messages that may be given out, in order: of standard queues as they became visible, of FIFO queues
 * group after group. `refuse` answers whether a message is not to be given out because it has gone elsewhere.
 */
export function takeVisible(
  queue: Queue,
  most: number,
  now: number,
  refuse: (message: Message) => boolean = () => false,
): Message[] {
  settle(queue, now);
  const isGivenOut = (message: Message) => {
    if (!isExpired(queue, message, now)) return !refuse(message);
    removeMessage(queue, message);
    return false;
  };
  if (queue.fifo) return takeFromGroups(queue, most, isGivenOut);
  const taken: Message[] = [];
  while (taken.length < most) {
    const id = next(queue.visible);
    if (id === undefined) break;
    const message = queue.messages.get(id);
    if (message && isGivenOut(message)) taken.push(message);
  }
  return taken;
}

/** Makes a message that was taken, and neither hidden nor removed, available again. */
export function giveBack(queue: Queue, message: Message): void {
  if (queue.fifo) unlock(queue, groupOf(queue, message), 0);
  else join(queue.visible, message.id);
}

/** Forgets what has outlived the retention period. Costs a look at every message. */
export function expire(queue: Queue, now: number): void {
  settle(queue, now);
  for (const message of queue.messages.values()) if (isExpired(queue, message, now)) removeMessage(queue, message);
}
