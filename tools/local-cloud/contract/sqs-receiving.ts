import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { bodies, guide, queue, reference } from './sqs-support.ts';

/** Claims about receiving messages and what is done with a receipt handle. */
export const receivingClaims: readonly Claim[] = [
  {
    operation: 'ReceiveMessage',
    claim: 'hides what it gave until the visibility timeout is over, and counts',
    source: guide('Amazon SQS visibility timeout'),
    async run(target) {
      const { send, receive } = await queue(target, { attributes: { VisibilityTimeout: '2' } });
      await send('a');
      await target.until(async () => expect(await receive()).toHaveLength(1));
      expect(await receive()).toEqual([]);
      await target.until(async () => {
        const [message] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
        expect(message?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
      });
    },
  },
  {
    operation: 'ReceiveMessage',
    claim: 'waits for a message when it is told to',
    limit: '20 seconds of waiting at most',
    source: guide('Amazon SQS short and long polling'),
    async run(target) {
      const { send, receive } = await queue(target);
      const received = receive({ WaitTimeSeconds: 20 });
      await send('late');
      expect(bodies(await received)).toEqual(['late']);
      await refusal(receive({ WaitTimeSeconds: 21 }));
    },
  },
  {
    operation: 'ReceiveMessage',
    claim: 'refuses to give more than ten messages',
    limit: '10 messages a call',
    source: reference('ReceiveMessage'),
    async run(target) {
      const { receive } = await queue(target);
      const { message } = await refusal(receive({ MaxNumberOfMessages: 11 }));
      expect(message).toBe(
        'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
      );
    },
  },
  {
    operation: 'ReceiveMessage',
    claim: 'gives the attributes asked for by name, prefix or All, with their MD5',
    source: reference('ReceiveMessage'),
    async run(target) {
      const { send, receive } = await queue(target, { attributes: { VisibilityTimeout: '0' } });
      const value = (StringValue: string) => ({ DataType: 'String', StringValue });
      const sent = await send('a', { MessageAttributes: { Hello: value('There'), General: value('Kenobi') } });
      // The digest that SQS answers for these two.
      expect(sent.MD5OfMessageAttributes).toBe('fca026605781cb4126a1e9044df24232');
      const named = (name: string) =>
        target.until(async () => {
          const [message] = await receive({ MessageAttributeNames: [name] });
          expect(message).toBeDefined();
          return Object.keys(message?.MessageAttributes ?? {}).sort();
        });
      expect(await named('All')).toEqual(['General', 'Hello']);
      expect(await named('He.*')).toEqual(['Hello']);
      expect(await named('none')).toEqual([]);
    },
  },
  {
    operation: 'ReceiveMessage',
    claim: 'gives a group of a FIFO queue in order, and nothing more of it while some of it is in flight',
    source: guide('FIFO queue delivery logic in Amazon SQS'),
    async run(target) {
      const { send, receive, remove } = await queue(target, {
        fifo: true,
        attributes: { ContentBasedDeduplication: 'true' },
      });
      for (const body of ['a1', 'a2', 'a3']) await send(body, { MessageGroupId: 'a' });
      await send('b1', { MessageGroupId: 'b' });
      const first = await receive({ MaxNumberOfMessages: 2 });
      expect(bodies(first)).toEqual(['a1', 'a2']);
      expect(bodies(await receive())).toEqual(['b1']);
      for (const message of first) await remove(message);
      expect(bodies(await receive())).toEqual(['a3']);
    },
  },
  {
    operation: 'ReceiveMessage',
    claim: 'answers the same messages to the same attempt, in FIFO queues',
    source: guide('Using the Amazon SQS receive request attempt ID'),
    async run(target) {
      const { send, receive } = await queue(target, { fifo: true });
      await send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'a' });
      const attempt = () => receive({ ReceiveRequestAttemptId: 'once' });
      const [first] = await attempt();
      expect((await attempt())[0]?.ReceiptHandle).toBe(first?.ReceiptHandle);
      expect(await receive()).toEqual([]);
    },
  },
  {
    operation: 'DeleteMessage',
    claim: 'succeeds twice, and refuses what is no receipt handle',
    source: reference('DeleteMessage'),
    async run(target) {
      const { send, arrived, remove } = await queue(target);
      await send('a');
      const message = await arrived();
      await remove(message);
      await remove(message);
      expect((await refusal(remove({ ReceiptHandle: 'none' }))).name).toBe('ReceiptHandleIsInvalid');
    },
  },
  {
    operation: 'DeleteMessage',
    claim: 'refuses a handle whose visibility timeout is over, in FIFO queues',
    source: reference('ReceiveMessage'),
    async run(target) {
      const { send, receive, remove } = await queue(target, { fifo: true, attributes: { VisibilityTimeout: '1' } });
      await send('a', { MessageGroupId: 'g', MessageDeduplicationId: 'a' });
      const [old] = await receive();
      await target.until(async () => expect(await receive()).toHaveLength(1));
      expect((await refusal(remove(old))).message).toContain('The receipt handle has expired.');
    },
  },
  {
    operation: 'DeleteMessageBatch',
    claim: 'deletes each entry by itself',
    source: reference('DeleteMessageBatch'),
    async run(target) {
      const { sqs, QueueUrl, send, arrived } = await queue(target);
      await send('a');
      const message = await arrived();
      const Entries = [
        { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
        { Id: 'bad', ReceiptHandle: 'none' },
      ];
      const answer = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      expect(answer.Successful).toEqual([{ Id: 'good' }]);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
    },
  },
  {
    operation: 'ChangeMessageVisibility',
    claim: 'shows a message at once with 0, and refuses one that is not in flight',
    limit: '12 hours of visibility timeout',
    source: reference('ChangeMessageVisibility'),
    async run(target) {
      const { sqs, QueueUrl, send, receive, arrived } = await queue(target);
      await send('a');
      const message = await arrived();
      const change = (VisibilityTimeout: number) =>
        sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl,
            ReceiptHandle: message?.ReceiptHandle,
            VisibilityTimeout,
          }),
        );
      await refusal(change(43_201));
      await change(0);
      expect((await refusal(change(10))).name).toBe('MessageNotInflight');
      await target.until(async () => expect(await receive()).toHaveLength(1));
    },
  },
  {
    operation: 'ChangeMessageVisibilityBatch',
    claim: 'changes each entry by itself',
    source: reference('ChangeMessageVisibilityBatch'),
    async run(target) {
      const { sqs, QueueUrl, send, arrived } = await queue(target);
      await send('a');
      const message = await arrived();
      const Entries = [
        { Id: 'good', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'bad', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: -1 },
      ];
      const answer = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      expect(answer.Successful).toEqual([{ Id: 'good' }]);
      expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue' }]);
    },
  },
];
