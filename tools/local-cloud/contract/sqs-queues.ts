import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  RemovePermissionCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { type Attributes, guide, MiB, queue, reference } from './sqs-support.ts';

/** Claims about queues, what they are set to and who may use them. */
export const queueClaims: readonly Claim[] = [
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
];
