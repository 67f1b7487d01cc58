import type {
  GetQueueAttributesCommandInput,
  GetQueueAttributesCommandOutput,
  SetQueueAttributesCommandInput,
  SetQueueAttributesCommandOutput,
} from '@aws-sdk/client-sqs';
import { QueueAttributeName } from '@aws-sdk/client-sqs';
import { operation } from '../../service.ts';
import { onQueue } from './demands.ts';
import { unknownAttribute } from './errors.ts';
import { changedAttributes } from './queue-attributes.ts';
import { messageCounts } from './queue-metrics.ts';
import { queueOf } from './state.ts';
import { ring } from './waiting.ts';

export const getQueueAttributes = operation<GetQueueAttributesCommandInput, GetQueueAttributesCommandOutput>({
  demands: onQueue('GetQueueAttributes'),
  run(input, call) {
    const queue = queueOf(input, call);
    const wanted: readonly string[] = input.AttributeNames ?? [];
    const known: readonly string[] = Object.values(QueueAttributeName);
    const unknown = wanted.find((name) => !known.includes(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    const { visible, inFlight, delayed } = messageCounts(queue, call.cloud.clock.now());
    const all: Record<string, string> = {
      ...queue.attributes,
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      ...(queue.fifo && { FifoQueue: 'true' }),
    };
    const found = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
    return { Attributes: found.length > 0 ? Object.fromEntries(found) : undefined };
  },
});

export const setQueueAttributes = operation<SetQueueAttributesCommandInput, SetQueueAttributesCommandOutput>({
  demands: onQueue('SetQueueAttributes'),
  run(input, call) {
    const queue = queueOf(input, call);
    const { FifoQueue, ...given } = input.Attributes ?? {};
    // "You can't change it for an existing queue": saying what it is already is no change.
    if (FifoQueue !== undefined && (FifoQueue !== 'true' || !queue.fifo)) throw unknownAttribute('FifoQueue');
    queue.attributes = changedAttributes(call.cloud, queue, given, queue.attributes);
    queue.modifiedAt = call.cloud.clock.now();
    ring(queue);
    return {};
  },
});
