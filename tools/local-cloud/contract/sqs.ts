import { createHash } from 'node:crypto';
import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type Message,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { sqs as service } from '../src/services/sqs/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const MiB = 1024 * 1024;
const reference = (operation: string) => `Amazon SQS API Reference, ${operation}`;
const guide = (page: string) => `Amazon SQS Developer Guide, ${page}`;
const messageQuotas = guide('Amazon SQS message quotas');

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** A queue of its own with what is done to it, each in one call. */
async function queue(target: Target, { fifo = false, attributes = {} as Attributes } = {}) {
  const sqs = target.client(SQSClient);
  const QueueName = `${target.name()}${fifo ? '.fifo' : ''}`;
  const Attributes = { ...attributes, ...(fifo && { FifoQueue: 'true' }) };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  target.afterwards(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }),
    );
    return Messages;
  };
  return {
    sqs,
    QueueName,
    QueueUrl: QueueUrl as string,
    arn: `arn:aws:sqs:${target.region}:${target.account}:${QueueName}`,
    send: (MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input })),
    receive,
    /** The one message of the queue, when it can be received. */
    arrived: () =>
      target.until(async () => {
        const messages = await receive();
        expect(messages).toHaveLength(1);
        return messages[0] as Message;
      }),
    async attributes(...AttributeNames: QueueAttributeName[]): Promise<Attributes> {
      return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes ?? {};
    },
    set: (Attributes: Attributes) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })),
    remove: (message: Message | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
  };
}

/** A queue whose messages go to a dead-letter queue after one receive. */
async function withDeadLetters(target: Target) {
  const dead = await queue(target);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const source = await queue(target, { attributes: { RedrivePolicy, VisibilityTimeout: '0' } });
  return { source, dead };
}

/** Sends to the source and receives until the message has gone to the dead-letter queue. */
async function kill(target: Target, { source, dead }: Awaited<ReturnType<typeof withDeadLetters>>) {
  await source.send('poison');
  return target.until(async () => {
    await source.receive();
    const [message] = await dead.receive({ VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
    expect(message?.Body).toBe('poison');
    return message as Message;
  });
}

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

export const sqs: Contract = {
  service,
  claims: [
    {
      operation: 'CreateQueue',
      claim: 'answers the URL of a queue that is there with the same attributes, and refuses it with others',
      source: reference('CreateQueue'),
      async run(target) {
        const { sqs, QueueName, QueueUrl } = await queue(target, { attributes: { DelaySeconds: '5' } });
        const again = (DelaySeconds: string) =>
          sqs.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds } }));
        expect((await again('5')).QueueUrl).toBe(QueueUrl);
        expect((await refusal(again('6'))).name).toBe('QueueNameExists');
      },
    },
    {
      operation: 'CreateQueue',
      claim: 'refuses a FIFO queue without the suffix, and a name of 81 characters',
      limit: '80 characters a name',
      source: guide('Amazon SQS FIFO queue quotas'),
      async run(target) {
        const sqs = target.client(SQSClient);
        const Attributes = { FifoQueue: 'true' };
        const fifo = sqs.send(new CreateQueueCommand({ QueueName: target.name(), Attributes }));
        expect((await refusal(fifo)).message).toContain('.fifo suffix');
        await refusal(sqs.send(new CreateQueueCommand({ QueueName: 'q'.repeat(81) })));
      },
    },
    {
      operation: 'GetQueueUrl',
      claim: 'knows a queue by its name, and no queue that is not there',
      source: reference('GetQueueUrl'),
      async run(target) {
        const { sqs, QueueName, QueueUrl } = await queue(target);
        expect((await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
        const gone = await refusal(sqs.send(new GetQueueUrlCommand({ QueueName: target.name() })));
        expect(gone.name).toBe('QueueDoesNotExist');
      },
    },
    {
      operation: 'ListQueues',
      claim: 'lists by prefix, page by page',
      source: reference('ListQueues'),
      async run(target) {
        const [a, b] = [await queue(target), await queue(target)];
        const QueueNamePrefix = a.QueueName.replace(/\d+$/, '');
        const found: string[] = [];
        await target.until(async () => {
          found.length = 0;
          let NextToken: string | undefined;
          do {
            const page = await a.sqs.send(new ListQueuesCommand({ QueueNamePrefix, MaxResults: 1, NextToken }));
            found.push(...(page.QueueUrls ?? []));
            NextToken = page.NextToken;
          } while (NextToken);
          expect(found).toEqual(expect.arrayContaining([a.QueueUrl, b.QueueUrl]));
        });
      },
    },
    {
      operation: 'DeleteQueue',
      claim: 'lets a queue of that name be made again after 60 seconds only',
      limit: '60 seconds between deletion and creation of the same name',
      source: reference('DeleteQueue'),
      async run(target) {
        const sqs = target.client(SQSClient);
        const QueueName = target.name();
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
        await sqs.send(new DeleteQueueCommand({ QueueUrl }));
        const soon = await refusal(sqs.send(new CreateQueueCommand({ QueueName })));
        expect(soon.name).toBe('QueueDeletedRecently');
      },
    },
    {
      operation: 'PurgeQueue',
      claim: 'empties the queue, once in 60 seconds',
      limit: 'one purge in 60 seconds',
      source: reference('PurgeQueue'),
      async run(target) {
        const { sqs, QueueUrl, send, receive } = await queue(target);
        await send('a');
        await sqs.send(new PurgeQueueCommand({ QueueUrl }));
        const again = await refusal(sqs.send(new PurgeQueueCommand({ QueueUrl })));
        expect(again.name).toBe('PurgeQueueInProgress');
        await target.until(async () => expect(await receive({ VisibilityTimeout: 0 })).toEqual([]));
      },
    },
    {
      operation: 'GetQueueAttributes',
      claim: 'tells what a new queue has, and nothing when nothing is asked for',
      source: reference('GetQueueAttributes'),
      async run(target) {
        const { arn, attributes } = await queue(target);
        expect(await attributes('All')).toMatchObject({
          QueueArn: arn,
          VisibilityTimeout: '30',
          MaximumMessageSize: String(MiB),
          MessageRetentionPeriod: '345600',
          DelaySeconds: '0',
          ReceiveMessageWaitTimeSeconds: '0',
          SqsManagedSseEnabled: 'true',
        });
        expect(await attributes()).toEqual({});
      },
    },
    {
      operation: 'GetQueueAttributes',
      claim: 'counts messages that wait, are in flight and are delayed',
      source: reference('GetQueueAttributes'),
      async run(target) {
        const { send, receive, attributes } = await queue(target);
        await send('a');
        await send('b');
        await send('c', { DelaySeconds: 900 });
        await target.until(async () => expect(await receive({ MaxNumberOfMessages: 1 })).toHaveLength(1));
        await target.until(async () =>
          expect(await attributes('All')).toMatchObject({
            ApproximateNumberOfMessages: '1',
            ApproximateNumberOfMessagesNotVisible: '1',
            ApproximateNumberOfMessagesDelayed: '1',
          }),
        );
      },
    },
    {
      operation: 'SetQueueAttributes',
      claim: 'refuses values out of range and attributes there are not',
      source: reference('SetQueueAttributes'),
      async run(target) {
        const { set } = await queue(target);
        expect((await refusal(set({ VisibilityTimeout: '43201' }))).name).toBe('InvalidAttributeValue');
        expect((await refusal(set({ MaximumMessageSize: String(MiB + 1) }))).name).toBe('InvalidAttributeValue');
        expect((await refusal(set({ Colour: 'red' } as Attributes))).name).toBe('InvalidAttributeName');
        await set({ VisibilityTimeout: '43200' });
      },
    },
    {
      operation: 'SetQueueAttributes',
      claim: 'refuses a dead-letter queue that is not there',
      source: reference('SetQueueAttributes'),
      async run(target) {
        const { set, arn } = await queue(target);
        const policy = { deadLetterTargetArn: `${arn}-none`, maxReceiveCount: 3 };
        expect((await refusal(set({ RedrivePolicy: JSON.stringify(policy) }))).message).toContain('does not exist');
      },
    },
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
      operation: 'ReceiveMessage',
      claim: 'moves what was received too often to the dead-letter queue, with its id and where it came from',
      source: guide('Using dead-letter queues in Amazon SQS'),
      async run(target) {
        const queues = await withDeadLetters(target);
        const message = await kill(target, queues);
        expect(message.Attributes).toMatchObject({ DeadLetterQueueSourceArn: queues.source.arn });
        expect(await queues.source.receive()).toEqual([]);
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
    {
      operation: 'ListDeadLetterSourceQueues',
      claim: 'lists the queues that send their dead letters here',
      source: reference('ListDeadLetterSourceQueues'),
      async run(target) {
        const { source, dead } = await withDeadLetters(target);
        await target.until(async () => {
          const call = new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.QueueUrl });
          expect((await dead.sqs.send(call)).queueUrls).toEqual([source.QueueUrl]);
        });
      },
    },
    {
      operation: 'StartMessageMoveTask',
      beside: ['ListMessageMoveTasks'],
      claim: 'moves dead letters back to where they came from, as new messages',
      source: guide('Configure a dead-letter queue redrive'),
      async run(target) {
        const queues = await withDeadLetters(target);
        const { source, dead } = queues;
        const before = await kill(target, queues);
        await source.set({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 100 }) });
        await dead.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
        await target.until(async () => {
          const { Results } = await dead.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
          expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
        });
        const [after] = await source.receive();
        expect(after?.Body).toBe('poison');
        expect(after?.MessageId).not.toBe(before.MessageId);
      },
    },
    {
      operation: 'StartMessageMoveTask',
      claim: 'refuses a queue that is no dead-letter queue',
      source: reference('StartMessageMoveTask'),
      async run(target) {
        const { sqs, arn } = await queue(target);
        const { message } = await refusal(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn })));
        expect(message).toBe('Source queue must be configured as a Dead Letter Queue.');
      },
    },
    {
      operation: 'CancelMessageMoveTask',
      claim: 'ends a task before it has moved everything; the rest stays',
      source: reference('CancelMessageMoveTask'),
      async run(target) {
        const { dead } = await withDeadLetters(target);
        const other = await queue(target);
        for (const body of ['a', 'b', 'c']) await dead.send(body);
        const { TaskHandle } = await dead.sqs.send(
          new StartMessageMoveTaskCommand({
            SourceArn: dead.arn,
            DestinationArn: other.arn,
            MaxNumberOfMessagesPerSecond: 1,
          }),
        );
        await dead.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
        await target.until(async () => {
          const { Results } = await dead.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
          expect(Results?.[0]?.Status).toBe('CANCELLED');
        });
        const task = await refusal(dead.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'none' })));
        expect(task.message).toBe('Value for parameter TaskHandle is invalid.');
      },
    },
    {
      operation: 'AddPermission',
      beside: ['RemovePermission'],
      claim: 'writes a statement of at most seven actions into the policy under its label, until it is removed',
      limit: '7 actions a permission',
      source: reference('AddPermission'),
      async run(target) {
        const { sqs, QueueUrl, attributes, arn } = await queue(target);
        const permission = { QueueUrl, Label: 'share', AWSAccountIds: [target.account], Actions: ['ReceiveMessage'] };
        await sqs.send(new AddPermissionCommand(permission));
        expect((await refusal(sqs.send(new AddPermissionCommand(permission)))).message).toContain('Already exists');
        const Actions = [
          'SendMessage',
          'ReceiveMessage',
          'DeleteMessage',
          'ChangeMessageVisibility',
          'GetQueueAttributes',
        ];
        Actions.push('GetQueueUrl', 'ListDeadLetterSourceQueues', 'PurgeQueue');
        const eight = new AddPermissionCommand({ ...permission, Label: 'eight', Actions });
        expect((await refusal(sqs.send(eight))).name).toBe('OverLimit');
        const policy = JSON.parse((await attributes('Policy')).Policy as string);
        expect(policy.Statement).toMatchObject([{ Sid: 'share', Action: 'SQS:ReceiveMessage', Resource: arn }]);
        await sqs.send(new RemovePermissionCommand({ QueueUrl, Label: 'share' }));
        expect(await attributes('Policy')).toEqual({});
      },
    },
    {
      operation: 'TagQueue',
      beside: ['UntagQueue', 'ListQueueTags'],
      claim: 'adds tags that UntagQueue takes away',
      source: reference('TagQueue'),
      async run(target) {
        const { sqs, QueueUrl } = await queue(target);
        await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a', stage: 'b' } }));
        await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['stage'] }));
        await target.until(async () =>
          expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'a' }),
        );
      },
    },
  ],
};
