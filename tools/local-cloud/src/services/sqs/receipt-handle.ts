import { AwsError } from '../../errors.ts';
import { invalidValue } from './errors.ts';
import type { Message, Queue } from './state.ts';

/** Names one receive of one message of one queue. */
export function receiptHandle(queue: Queue, message: Message): string {
  return Buffer.from(`${queue.arn} ${message.id} ${message.receivesHere}`).toString('base64');
}

/** A receive as its handle tells it; `message` is missing when it is no longer in the queue. */
export interface Receipt {
  readonly message: Message | undefined;
  /** No later receive of the message took its place. */
  readonly isNewest: boolean;
}

/** Throws ReceiptHandleIsInvalid for what this queue never gave out. */
export function readReceiptHandle(queue: Queue, handle: string): Receipt {
  const [arn, id = '', receive] = Buffer.from(handle, 'base64').toString().split(' ');
  if (arn !== queue.arn || !/^\d+$/.test(receive ?? '')) {
    throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  const message = queue.messages.get(id);
  return { message, isNewest: message?.receivesHere === Number(receive) };
}

export function handleExpired(handle: string): AwsError {
  return invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.');
}
