import { createHash } from 'node:crypto';
import type { SendMessageRequest } from '@aws-sdk/client-sqs';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { invalidParameter, invalidValue, missingParameter, wrongQueueType } from './errors.ts';
import { attributeBytes, attributesMd5, checkAttributes } from './message-attributes.ts';
import type { MessageContent, Queue } from './state.ts';

export type MessageInput = Omit<SendMessageRequest, 'QueueUrl'>;

/** "DelaySeconds: valid values: 0 to 900. Maximum: 15 minutes", SendMessage. */
const longestDelay = 900;
const idPattern = /^[\w!"#$%&'()*+,\-./:;<=>?@[\]^`{|}~]{1,128}$/;
/** "The following Unicode characters are allowed", SendMessage. Lone surrogates are none of them. */
const allowedText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Group and deduplication: their absence fails a whole batch. */
export function checkIds(queue: Queue, input: MessageInput): void {
  const { MessageGroupId, MessageDeduplicationId } = input;
  for (const [name, value] of Object.entries({ MessageGroupId, MessageDeduplicationId })) {
    if (value !== undefined && !idPattern.test(value)) {
      throw invalidValue(
        name,
        value,
        `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
    }
  }
  if (!queue.fifo) {
    if (MessageDeduplicationId === undefined) return;
    throw wrongQueueType('MessageDeduplicationId', MessageDeduplicationId);
  }
  if (MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (MessageDeduplicationId === undefined && queue.attributes['ContentBasedDeduplication'] !== 'true') {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}

/** Throws what SQS answers for a message it does not take. */
export function checkMessage(queue: Queue, input: MessageInput): void {
  checkIds(queue, input);
  const { MessageBody = '', DelaySeconds, MessageAttributes = {}, MessageSystemAttributes = {} } = input;
  if (MessageBody === '') throw missingParameter('MessageBody');
  if (!allowedText.test(MessageBody)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
  if (DelaySeconds !== undefined) {
    if (queue.fifo && DelaySeconds !== 0) throw wrongQueueType('DelaySeconds', DelaySeconds);
    if (DelaySeconds < 0 || DelaySeconds > longestDelay) {
      throw invalidValue('DelaySeconds', DelaySeconds, `DelaySeconds must be >= 0 and <= ${longestDelay}.`);
    }
  }
  checkAttributes(MessageAttributes);
  checkSystemAttributes(MessageSystemAttributes);
  const most = Number(queue.attributes['MaximumMessageSize']);
  if (sizeOf(input) > most) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  }
}

/** "Currently, the only supported message system attribute is AWSTraceHeader. Its type must be String", SendMessage. */
function checkSystemAttributes(attributes: NonNullable<MessageInput['MessageSystemAttributes']>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(`Message system attribute name '${name}' is invalid. Reason: it must be AWSTraceHeader.`);
    }
    if (value?.DataType === 'String' && value.StringValue) continue;
    throw invalidParameter(
      "Message system attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.",
    );
  }
}

/** Bytes that count towards the limits: body and message attributes. */
export function sizeOf({ MessageBody = '', MessageAttributes = {} }: MessageInput): number {
  return Buffer.byteLength(MessageBody) + attributeBytes(MessageAttributes);
}

export function contentOf(queue: Queue, input: MessageInput, call: Call): MessageContent {
  const { MessageBody: body = '', MessageAttributes: attributes = {} } = input;
  const isHashed = queue.fifo && input.MessageDeduplicationId === undefined;
  return {
    body,
    bodyMd5: createHash('md5').update(body).digest('hex'),
    attributes,
    attributesMd5: attributesMd5(attributes),
    traceHeader: input.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    groupId: input.MessageGroupId,
    deduplicationId: isHashed ? createHash('sha256').update(body).digest('hex') : input.MessageDeduplicationId,
    senderId: call.caller.userId,
    bytes: sizeOf(input),
  };
}
