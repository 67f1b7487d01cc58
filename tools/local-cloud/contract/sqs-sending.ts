import { createHash } from 'node:crypto';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bodies, guide, MiB, queue, reference } from './sqs-support.ts';

const messageQuotas = guide('Amazon SQS message quotas');

/** Claims about sending messages. */
export const sendingClaims: readonly Claim[] = [
  {
    operation: 'SendMessage',
    claim: 'takes 1 MiB and refuses a byte more',
    limit: '1 MiB a message',
    source: messageQuotas,
    async run(target) {
      const { send } = await queue(target);
      await send('a'.repeat(MiB));
      expect((await refusal(send('a'.repeat(MiB + 1)))).message).toContain(`shorter than ${MiB} bytes`);
    },
  },
  {
    operation: 'SendMessage',
    claim: 'answers the MD5 of the body, and refuses characters outside XML',
    source: reference('SendMessage'),
    async run(target) {
      const { send } = await queue(target);
      const { MD5OfMessageBody } = await send('größe');
      expect(MD5OfMessageBody).toBe(createHash('md5').update('größe').digest('hex'));
      expect((await refusal(send('\u0000'))).name).toBe('InvalidMessageContents');
    },
  },
  {
    operation: 'SendMessage',
    claim: 'refuses an eleventh message attribute',
    limit: '10 attributes a message',
    source: messageQuotas,
    async run(target) {
      const { send } = await queue(target);
      const attributes = (count: number) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'x' }]),
        );
      await send('a', { MessageAttributes: attributes(10) });
      await refusal(send('a', { MessageAttributes: attributes(11) }));
    },
  },
  {
    operation: 'SendMessage',
    claim: 'delivers a duplicate within five minutes once, in FIFO queues',
    limit: '5 minutes of deduplication',
    source: guide('Using the Amazon SQS message deduplication ID'),
    async run(target) {
      const { send, receive } = await queue(target, { fifo: true });
      const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
      const [first, second] = [await send('a', ids), await send('b', ids)];
      expect(second.MessageId).toBe(first.MessageId);
      expect(bodies(await receive())).toEqual(['a']);
    },
  },
  {
    operation: 'SendMessage',
    claim: 'needs a group and a deduplication id in FIFO queues',
    source: reference('SendMessage'),
    async run(target) {
      const { send } = await queue(target, { fifo: true });
      expect((await refusal(send('a'))).message).toContain('MessageGroupId');
      expect((await refusal(send('a', { MessageGroupId: 'g' }))).message).toContain('ContentBasedDeduplication');
    },
  },
  {
    operation: 'SendMessageBatch',
    claim: 'refuses no entry, eleven entries, one id twice and more than 1 MiB together',
    limit: '10 messages and 1 MiB a batch',
    source: reference('SendMessageBatch'),
    async run(target) {
      const { sqs, QueueUrl } = await queue(target);
      const batch = async (Entries: { Id: string; MessageBody: string }[]) =>
        (await refusal(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })))).name;
      const many = Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'a' }));
      expect(await batch([])).toBe('EmptyBatchRequest');
      expect(await batch(many)).toBe('TooManyEntriesInBatchRequest');
      expect(await batch(many.slice(0, 2).map((entry) => ({ ...entry, Id: 'x' })))).toBe('BatchEntryIdsNotDistinct');
      expect(await batch([{ Id: 'a b', MessageBody: 'a' }])).toBe('InvalidBatchEntryId');
      const halves = many.slice(0, 2).map((entry) => ({ ...entry, MessageBody: 'a'.repeat(MiB / 2 + 1) }));
      expect(await batch(halves)).toBe('BatchRequestTooLong');
    },
  },
  {
    operation: 'SendMessageBatch',
    claim: 'tells of each entry whether it was taken',
    source: reference('SendMessageBatch'),
    async run(target) {
      const { sqs, QueueUrl } = await queue(target);
      const Entries = [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'bad', MessageBody: 'b', DelaySeconds: 901 },
      ];
      const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
      expect(Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }]);
    },
  },
];
