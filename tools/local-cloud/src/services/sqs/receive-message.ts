import type {
  Message as MessageOutput,
  MessageSystemAttributeName,
  ReceiveMessageCommandInput,
  ReceiveMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import { emitQueueMetric } from '../../metrics/sqs-metrics.ts';
import { type Call, operation } from '../../service.ts';
import { moveIfDead } from './dead-letters.ts';
import { onQueue } from './demands.ts';
import { invalidValue, wrongQueueType } from './errors.ts';
import { attributesMd5, chosenAttributes } from './message-attributes.ts';
import { hide, settle, takeVisible } from './queue-messages.ts';
import { receiptHandle } from './receipt-handle.ts';
import { rememberAttempt, repeatAttempt } from './receive-attempts.ts';
import { type Message, type Queue, queueOf } from './state.ts';
import { takeThroughput } from './throughput.ts';
import { longestVisibility } from './visibility.ts';
import { heard } from './waiting.ts';

/**
 * "For most standard queues there can be a maximum of approximately 120,000 in flight messages"; beyond it short polling
 * answers OverLimit. "FIFO queues support a maximum of 120,000 in-flight messages … SQS does not return an error" (quotas).
 */
const mostInFlight = 120_000;

export const receiveMessage = operation<ReceiveMessageCommandInput, ReceiveMessageCommandOutput>({
  demands: onQueue('ReceiveMessage'),
  async run(input, call) {
    const { clock } = call.cloud;
    check(queueOf(input, call), input);
    const wait = input.WaitTimeSeconds ?? Number(queueOf(input, call).attributes['ReceiveMessageWaitTimeSeconds']);
    const deadline = clock.now() + wait * 1000;
    takeThroughput(queueOf(input, call), 'Receive', clock.now());
    for (;;) {
      // Looked up anew each time: it may have been deleted while this waited.
      const queue = queueOf(input, call);
      const messages = receive(queue, input, call);
      if (messages.length > 0) {
        emitQueueMetric(call.cloud, queue, 'NumberOfMessagesReceived', messages.length);
        return { Messages: messages.map((message) => output(queue, message, input)) };
      }
      if (clock.now() >= deadline) {
        emitQueueMetric(call.cloud, queue, 'NumberOfEmptyReceives', 1);
        return { Messages: undefined };
      }
      await heard(queue, call.cloud, Math.min(deadline, queue.due[0]?.at ?? deadline), call.signal);
    }
  },
});

function check(queue: Queue, input: ReceiveMessageCommandInput): void {
  const { MaxNumberOfMessages: most, WaitTimeSeconds: wait, VisibilityTimeout: timeout } = input;
  if (most !== undefined && (most < 1 || most > 10)) {
    throw invalidValue('MaxNumberOfMessages', most, 'Must be between 1 and 10, if provided.');
  }
  if (wait !== undefined && (wait < 0 || wait > 20)) {
    throw invalidValue('WaitTimeSeconds', wait, 'Must be >= 0 and <= 20, if provided.');
  }
  if (timeout !== undefined && (timeout < 0 || timeout > longestVisibility)) {
    throw invalidValue('VisibilityTimeout', timeout, `Must be between 0 and ${longestVisibility}, if provided.`);
  }
  const attempt = input.ReceiveRequestAttemptId;
  if (attempt === undefined) return;
  if (!queue.fifo) throw wrongQueueType('ReceiveRequestAttemptId', attempt);
  if (/^[!-~]{1,128}$/.test(attempt)) return;
  throw invalidValue(
    'ReceiveRequestAttemptId',
    attempt,
    'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
  );
}

function receive(queue: Queue, input: ReceiveMessageCommandInput, call: Call): readonly Message[] {
  const now = call.cloud.clock.now();
  settle(queue, now);
  const until = now + (input.VisibilityTimeout ?? Number(queue.attributes['VisibilityTimeout'])) * 1000;
  const repeated = repeatAttempt(queue, input.ReceiveRequestAttemptId, until, now);
  if (repeated) return repeated;
  if (queue.inFlight >= mostInFlight) {
    if (queue.fifo || input.WaitTimeSeconds) return [];
    throw new AwsError('OverLimit', `Too many messages in flight: the queue has ${queue.inFlight} of them.`);
  }
  const most = Math.min(input.MaxNumberOfMessages ?? 1, mostInFlight - queue.inFlight);
  const taken = takeVisible(queue, most, now, (message) => moveIfDead(call.cloud, queue, message, now));
  for (const message of taken) {
    message.receiveCount += 1;
    message.receivesHere += 1;
    message.firstReceivedAt ??= now;
    message.lastReceivedAt = now;
    hide(queue, message, until);
  }
  rememberAttempt(queue, input.ReceiveRequestAttemptId, taken, now);
  return taken;
}

function output(queue: Queue, message: Message, input: ReceiveMessageCommandInput): MessageOutput {
  const attributes = chosenAttributes(message.attributes, input.MessageAttributeNames ?? []);
  const isAll = attributes === message.attributes;
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(queue, message),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    Attributes: systemAttributes(message, [
      ...(input.MessageSystemAttributeNames ?? []),
      ...(input.AttributeNames ?? []),
    ]),
    MD5OfMessageAttributes: isAll ? message.attributesMd5 : attributesMd5(attributes),
    MessageAttributes: hasAttributes ? { ...attributes } : undefined,
  };
}

/** "MessageSystemAttributeNames", ReceiveMessage; `undefined` when none of those asked for is there. */
function systemAttributes(message: Message, wanted: readonly string[]): MessageOutput['Attributes'] {
  if (wanted.length === 0) return undefined;
  const all: Partial<Record<MessageSystemAttributeName, string | undefined>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
  };
  const isAll = wanted.includes('All');
  const found = Object.entries(all).filter(([name, value]) => value !== undefined && (isAll || wanted.includes(name)));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
