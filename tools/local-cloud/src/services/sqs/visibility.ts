import type {
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchCommandOutput,
  ChangeMessageVisibilityCommandInput,
  ChangeMessageVisibilityCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { operation } from '../../service.ts';
import { checkBatch, inBatch } from './batch.ts';
import { onQueue } from './demands.ts';
import { invalidValue } from './errors.ts';
import { hide, settle, show } from './queue-messages.ts';
import { handleExpired, readReceiptHandle } from './receipt-handle.ts';
import { type Queue, queueOf } from './state.ts';

/** Seconds. "Maximum: 12 hours", and all extensions of one receive together ("Amazon SQS visibility timeout"). */
export const longestVisibility = 43_200;

export const changeMessageVisibility = operation<
  ChangeMessageVisibilityCommandInput,
  ChangeMessageVisibilityCommandOutput
>({
  demands: onQueue('ChangeMessageVisibility'),
  run(input, call) {
    change(
      queueOf(input, call),
      input.ReceiptHandle as string,
      input.VisibilityTimeout as number,
      call.cloud.clock.now(),
    );
    return {};
  },
});

export const changeMessageVisibilityBatch = operation<
  ChangeMessageVisibilityBatchCommandInput,
  ChangeMessageVisibilityBatchCommandOutput
>({
  demands: onQueue('ChangeMessageVisibility'),
  run(input, call) {
    const queue = queueOf(input, call);
    const entries = input.Entries ?? [];
    checkBatch('ChangeMessageVisibilityBatchRequestEntry', entries);
    return inBatch(entries, ({ Id, ReceiptHandle = '', VisibilityTimeout }) => {
      change(
        queue,
        ReceiptHandle,
        VisibilityTimeout ?? Number(queue.attributes['VisibilityTimeout']),
        call.cloud.clock.now(),
      );
      return { Id };
    });
  },
});

/** Throws MessageNotInflight once the timeout is over. */
function change(queue: Queue, handle: string, seconds: number, now: number): void {
  if (seconds < 0 || seconds > longestVisibility) {
    throw invalidValue('VisibilityTimeout', seconds, `Must be between 0 and ${longestVisibility}, if provided.`);
  }
  settle(queue, now);
  const { message, isNewest } = readReceiptHandle(queue, handle);
  if (!message) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue('ReceiptHandle', handle, reason);
  }
  if (!isNewest) throw handleExpired(handle);
  if (message.state !== 'in-flight') {
    throw new AwsError('MessageNotInflight', "The specified message isn't in flight.");
  }
  if (seconds === 0) {
    show(queue, message);
    return;
  }
  const until = now + seconds * 1000;
  if (until > (message.lastReceivedAt as number) + longestVisibility * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${longestVisibility} seconds].`;
    throw invalidValue('VisibilityTimeout', seconds, reason);
  }
  hide(queue, message, until);
}
