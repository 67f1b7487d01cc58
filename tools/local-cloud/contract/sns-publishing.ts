import { PublishBatchCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal, type Target } from './contract.ts';
import { guide, reference, topic } from './sns-support.ts';

/** A topic whose messages come to a queue; `hear` waits for the next ones. */
async function heard(target: Target, Attributes: Record<string, string> = {}, fifo = false) {
  const created = await topic(target, fifo ? { Attributes: { FifoTopic: 'true' } } : {});
  const { sns, TopicArn = '', Name } = created;
  const sqs = target.client(SQSClient);
  const Endpoint = `arn:aws:sqs:${target.region}:${target.account}:${Name}`;
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Endpoint,
    Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: Name, Attributes: { Policy, ...(fifo && { FifoQueue: 'true' }) } }),
  );
  target.afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  const messages: Message[] = [];
  const hear = (count: number) =>
    target.until(async () => {
      const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
      messages.push(...((await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []));
      expect(messages).toHaveLength(count);
      return messages;
    });
  return { ...created, hear };
}

/** Claims about what may be published and what of it subscribers get. */
export const publishingClaims: readonly Claim[] = [
  {
    operation: 'Publish',
    claim: 'takes 256 KB and not one byte more, attributes included',
    limit: '262,144 bytes a message',
    source: reference('Publish'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      await sns.send(new PublishCommand({ TopicArn, Message: 'a'.repeat(262_144) }));
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
      const tooLong = [
        { Message: 'a'.repeat(262_145) },
        { Message: 'ü'.repeat(131_073) },
        { Message: 'a'.repeat(262_140), MessageAttributes },
      ];
      for (const input of tooLong) {
        const answer = await refusal(sns.send(new PublishCommand({ TopicArn, ...input })));
        expect(answer.message).toBe('Invalid parameter: Message too long');
      }
    },
  },
  {
    operation: 'Publish',
    claim: 'refuses an empty message, a subject with a line break and one of 101 characters',
    limit: 'subjects of up to 100 characters',
    source: reference('Publish'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      const refused = async (input: object) =>
        (await refusal(sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input })))).message;
      expect(await refused({ Message: '' })).toBe('Invalid parameter: Empty message');
      expect(await refused({ Subject: '' })).toBe('Invalid parameter: Subject');
      expect(await refused({ Subject: 'two\nlines' })).toBe('Invalid parameter: Subject');
      expect(await refused({ Subject: 's'.repeat(101) })).toBe('Invalid parameter: Subject');
    },
  },
  {
    operation: 'Publish',
    claim: 'asks for a default among the texts by protocol',
    source: reference('Publish'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      const refused = async (Message: string) => {
        const command = new PublishCommand({ TopicArn, Message, MessageStructure: 'json' });
        return (await refusal(sns.send(command))).message;
      };
      const structure = 'Invalid parameter: Message Structure - ';
      expect(await refused('{"sqs":"hello"}')).toBe(`${structure}No default entry in JSON message body`);
      expect(await refused('{"default":1}')).toBe(`${structure}No default entry in JSON message body`);
      expect(await refused('hello')).toBe(`${structure}JSON message body failed to parse`);
    },
  },
  {
    operation: 'Publish',
    claim: 'refuses message attributes without a value, with an unknown type and with a strange name',
    source: guide('Amazon SNS message attributes'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      const refused = async (name: string, DataType: string, StringValue: string) => {
        const MessageAttributes = { [name]: { DataType, StringValue } };
        return refusal(sns.send(new PublishCommand({ TopicArn, Message: 'hello', MessageAttributes })));
      };
      expect(await refused('kind', 'String', '')).toEqual({
        name: 'InvalidParameterValueException',
        message:
          "The message attribute 'kind' must contain non-empty message attribute value for message attribute type 'String'.",
      });
      expect((await refused('kind', 'Colour', 'red')).message).toContain('Binary, Number, and String');
      expect((await refused('k^nd', 'String', 'new')).message).toContain("'#x5E'");
      expect((await refused('a..b', 'String', 'new')).message).toContain("successive '.'");
    },
  },
  {
    operation: 'Publish',
    claim: 'asks for a group and a deduplication id on FIFO topics, and numbers messages in order',
    source: guide('Message ordering details for FIFO topics'),
    async run(target) {
      const { sns, TopicArn } = await topic(target, { Attributes: { FifoTopic: 'true' } });
      const publish = (input: object) => sns.send(new PublishCommand({ TopicArn, Message: 'hello', ...input }));
      expect((await refusal(publish({}))).message).toBe(
        'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
      );
      expect((await refusal(publish({ MessageGroupId: 'a' }))).message).toContain(
        'should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
      const first = await publish({ MessageGroupId: 'a', MessageDeduplicationId: '1' });
      const second = await publish({ MessageGroupId: 'a', MessageDeduplicationId: '2' });
      expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0));
    },
  },
  {
    operation: 'PublishBatch',
    claim: 'takes ten messages and answers each under its id',
    limit: '10 messages a batch, together 262,144 bytes',
    source: reference('PublishBatch'),
    async run(target) {
      const { sns, TopicArn } = await topic(target);
      const entries = (count: number, size = 1) =>
        Array.from({ length: count }, (_, i) => ({ Id: `m${i}`, Message: 'a'.repeat(size) }));
      const publish = (PublishBatchRequestEntries: { Id: string; Message: string }[]) =>
        sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
      const { Successful, Failed } = await publish(entries(10));
      expect(Successful?.map(({ Id }) => Id)).toEqual(entries(10).map(({ Id }) => Id));
      expect(Failed ?? []).toEqual([]);
      expect((await refusal(publish(entries(11)))).name).toMatch(/^TooManyEntriesInBatchRequest/);
      expect((await refusal(publish(entries(2, 131_073)))).name).toMatch(/^BatchRequestTooLong/);
      expect((await refusal(publish([{ Id: 'a b', Message: 'a' }]))).name).toMatch(/^InvalidBatchEntryId/);
      const twice = [...entries(1), ...entries(1)];
      expect((await refusal(publish(twice))).name).toMatch(/^BatchEntryIdsNotDistinct/);
    },
  },
  {
    operation: 'Publish',
    claim: 'delivers to a queue in an envelope of JSON',
    source: guide('Fanout to Amazon SQS queues'),
    async run(target) {
      const { sns, TopicArn, hear } = await heard(target);
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
      const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'paid', MessageAttributes }));
      const [message] = await hear(1);
      expect(JSON.parse(message?.Body ?? '')).toMatchObject({
        Type: 'Notification',
        MessageId,
        TopicArn,
        Message: 'paid',
        SignatureVersion: '1',
        MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
      });
    },
  },
  {
    operation: 'Publish',
    claim: 'delivers raw messages with their attributes where the subscription says so',
    source: guide('Amazon SNS raw message delivery'),
    async run(target) {
      const { sns, TopicArn, hear } = await heard(target, { RawMessageDelivery: 'true' });
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
      const Message = JSON.stringify({ default: 'for all', sqs: 'for queues' });
      await sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json', MessageAttributes }));
      const [message] = await hear(1);
      expect(message?.Body).toBe('for queues');
      expect(message?.MessageAttributes).toMatchObject(MessageAttributes);
    },
  },
  {
    operation: 'Publish',
    claim: 'delivers what the filter policy lets through, by attributes and by body',
    source: guide('Amazon SNS message filtering'),
    async run(target) {
      const raw = { RawMessageDelivery: 'true' };
      const byAttribute = await heard(target, { ...raw, FilterPolicy: '{"total":[{"numeric":[">=",100]}]}' });
      for (const StringValue of ['99', '1e2']) {
        const MessageAttributes = { total: { DataType: 'Number', StringValue } };
        const { TopicArn } = byAttribute;
        await byAttribute.sns.send(new PublishCommand({ TopicArn, Message: StringValue, MessageAttributes }));
      }
      expect((await byAttribute.hear(1))[0]?.Body).toBe('1e2');
      const FilterPolicy = '{"order":{"kind":[{"anything-but":["test"]}]}}';
      const byBody = await heard(target, { ...raw, FilterPolicyScope: 'MessageBody', FilterPolicy });
      for (const kind of ['test', 'real']) {
        const Message = JSON.stringify({ order: { kind } });
        await byBody.sns.send(new PublishCommand({ TopicArn: byBody.TopicArn, Message }));
      }
      expect((await byBody.hear(1))[0]?.Body).toBe('{"order":{"kind":"real"}}');
    },
  },
  {
    operation: 'Publish',
    claim: 'delivers a deduplication id once to a FIFO queue, in the order of the group',
    source: guide('Message deduplication for FIFO topics'),
    async run(target) {
      const { sns, TopicArn, hear } = await heard(target, { RawMessageDelivery: 'true' }, true);
      for (const Message of ['1', '2', '1', '3']) {
        const group = { MessageGroupId: 'a', MessageDeduplicationId: Message };
        await sns.send(new PublishCommand({ TopicArn, Message, ...group }));
      }
      expect((await hear(3)).map(({ Body }) => Body)).toEqual(['1', '2', '3']);
    },
  },
];
