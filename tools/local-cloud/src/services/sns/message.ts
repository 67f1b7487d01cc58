import { hash, randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { isObject, type Json } from '../../event-patterns/json.ts';
import { invalidParameter } from './errors.ts';
import { attributesSize, checkMessageAttributes } from './message-attributes.ts';
import type { Message, Topic } from './state.ts';

/** What Publish and an entry of PublishBatch have in common. */
export interface Publication {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly MessageGroupId?: string | undefined;
}

/** "Publish", API Reference: 256 KB, attributes included. */
export const largestMessage = 262_144;

export function sizeOf({ Message = '', MessageAttributes = {} }: Publication): number {
  return Buffer.byteLength(Message) + attributesSize(MessageAttributes);
}

/** Checks a publication and makes it a message of the topic. `path` as in {@link checkMessageAttributes}. */
export function messageOf(publication: Publication, topic: Topic, now: number, path = ''): Message {
  const { Message = '', Subject, MessageStructure, MessageAttributes = {} } = publication;
  if (Message === '') throw invalidParameter('Empty message');
  checkSubject(Subject);
  checkMessageAttributes(MessageAttributes, path);
  if (MessageStructure !== undefined && MessageStructure !== 'json') throw invalidParameter('MessageStructure');
  const bodies = MessageStructure === 'json' ? bodiesOf(Message) : undefined;
  return {
    id: randomUUID(),
    topicArn: topic.arn,
    type: 'Notification',
    body: bodies?.['default'] ?? Message,
    ...(bodies && { bodies }),
    subject: Subject,
    attributes: MessageAttributes,
    published: now,
    signatureVersion: topic.attributes.get('SignatureVersion') === '2' ? '2' : '1',
    groupId: publication.MessageGroupId,
    deduplicationId: deduplicationIdOf(publication, topic),
  };
}

/** "Publish", API Reference: UTF-8 text without line breaks or control characters, up to 100 characters. */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  const isClean = !/\p{Cc}/u.test(subject);
  if (!isClean || subject.length === 0 || [...subject].length > 100) throw invalidParameter('Subject');
}

/** Texts by protocol; what is no text is left out. */
function bodiesOf(text: string): Record<string, string> {
  let parsed: Json;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries(isObject(parsed) ? parsed : {}).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string';
  });
  const bodies = Object.fromEntries(texts);
  if (bodies['default'] === undefined) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return bodies;
}

/** "Message deduplication for FIFO topics": the given id, or the SHA-256 of the body where the topic says so. */
function deduplicationIdOf(publication: Publication, topic: Topic): string | undefined {
  const { Message = '', MessageDeduplicationId, MessageGroupId } = publication;
  checkId('MessageGroupId', MessageGroupId);
  checkId('MessageDeduplicationId', MessageDeduplicationId);
  if (!topic.isFifo) {
    if (MessageDeduplicationId === undefined) return undefined;
    throw invalidParameter(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  if (MessageGroupId === undefined) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  if (MessageDeduplicationId !== undefined) return MessageDeduplicationId;
  if (topic.attributes.get('ContentBasedDeduplication') === 'true') return hash('sha256', Message);
  throw invalidParameter(
    'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

/** "Publish", API Reference: up to 128 letters, digits and punctuation. */
function checkId(name: string, id: string | undefined): void {
  if (id !== undefined && !/^[\x21-\x7e]{1,128}$/.test(id))
    throw invalidParameter(`${name} Reason: The value is invalid`);
}
