import { hide } from './queue-messages.ts';
import type { Message, Queue } from './state.ts';

/** "You can use ReceiveRequestAttemptId only for 5 minutes after a ReceiveMessage action", ReceiveMessage. */
const intervalMs = 300_000;

/**
 * The messages of an earlier receive with this id, their visibility timeout begun anew; `undefined` when there was none or
 * when one of them was deleted, changed or became visible since.
 */
export function repeatAttempt(queue: Queue, id: string | undefined, until: number, now: number): Message[] | undefined {
  const attempt = id === undefined ? undefined : queue.attempts.get(id);
  if (!attempt || attempt.at + intervalMs <= now) return undefined;
  const messages = attempt.received.map(({ id: messageId, turn }) => {
    const message = queue.messages.get(messageId);
    return message?.turn === turn && message.state === 'in-flight' ? message : undefined;
  });
  const found = messages.filter((message) => message !== undefined);
  if (found.length < messages.length) return undefined;
  for (const message of found) hide(queue, message, until);
  attempt.received.splice(0, found.length, ...found.map(({ id: messageId, turn }) => ({ id: messageId, turn })));
  return found;
}

export function rememberAttempt(queue: Queue, id: string | undefined, taken: readonly Message[], now: number): void {
  if (id === undefined || taken.length === 0) return;
  for (const [old, { at }] of queue.attempts) if (at + intervalMs <= now) queue.attempts.delete(old);
  queue.attempts.set(id, { at: now, received: taken.map(({ id: messageId, turn }) => ({ id: messageId, turn })) });
}
