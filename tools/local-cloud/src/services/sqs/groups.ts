import { join, next } from './line.ts';
import type { Group, Message, Queue } from './state.ts';

export function groupOf(queue: Queue, message: Message): Group {
  const id = message.groupId as string;
  let group = queue.groups.get(id);
  if (!group) {
    group = { messages: [], inFlight: 0, offered: false };
    queue.groups.set(id, group);
  }
  return group;
}

/** A message came to the end of its group. */
export function groupSent(queue: Queue, message: Message): void {
  const group = groupOf(queue, message);
  group.messages.push(message.id);
  offer(queue, group, message.groupId as string);
}

/** `ended` messages of the group are no longer in flight; the group goes when it is empty. */
export function unlock(queue: Queue, group: Group, ended: number, groupId?: string): void {
  group.inFlight -= ended;
  const first = group.messages[0];
  if (first === undefined) {
    if (groupId !== undefined) queue.groups.delete(groupId);
    return;
  }
  offer(queue, group, queue.messages.get(first)?.groupId as string);
}

/** A group whose first message is visible stands in line, unless something of it is in flight. */
function offer(queue: Queue, group: Group, groupId: string): void {
  if (group.inFlight > 0 || group.offered) return;
  if (queue.messages.get(group.messages[0] as string)?.state !== 'visible') return;
  group.offered = true;
  join(queue.offeredGroups, groupId);
}

/**
 * "SQS returns as many messages with the same message group ID as possible", then those of other groups; a group of which
 * something is in flight gives nothing ("FIFO delivery logic", Amazon SQS Developer Guide).
 */
export function takeFromGroups(queue: Queue, most: number, isGivenOut: (message: Message) => boolean): Message[] {
  const taken: Message[] = [];
  while (taken.length < most) {
    const groupId = next(queue.offeredGroups);
    if (groupId === undefined) break;
    const group = queue.groups.get(groupId);
    if (!group?.offered) continue;
    group.offered = false;
    if (group.inFlight > 0) continue;
    taken.push(...takeInOrder(queue, group, most - taken.length, isGivenOut));
  }
  return taken;
}

function takeInOrder(queue: Queue, group: Group, most: number, isGivenOut: (message: Message) => boolean): Message[] {
  const taken: Message[] = [];
  // While it is looked at, nothing that leaves it may put it into line again.
  group.offered = true;
  while (taken.length < most) {
    // What is not given out has left the group.
    const message = queue.messages.get(group.messages[taken.length] as string);
    if (message?.state !== 'visible') break;
    if (isGivenOut(message)) taken.push(message);
  }
  group.offered = false;
  return taken;
}
