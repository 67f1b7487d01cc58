import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startTestCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FailedAgain, putAgain } from '../src/again.ts';
import { deadLetterQueueOf } from '../src/dead-letter-queue.ts';
import { eventIn } from '../src/failed-events.ts';
import { failureBucket, type StreamRecords } from '../src/failure-bucket.ts';
import { redriveAll } from '../src/redrive.ts';

let cloud: Awaited<ReturnType<typeof startTestCloud>>;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

describe('a dead-letter queue', () => {
  async function queueWithDeadLetters(name: string, bodies: readonly string[]) {
    const sqs = cloud.client(SQSClient);
    const { QueueUrl: deadLetters } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dead` }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 });
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: { RedrivePolicy } }),
    );
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    // The second receive is one too many for each of them.
    for (let i = 0; i < 2; i += 1) {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }));
    }
    const received = async (url: string | undefined) => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body }) => Body).sort();
    };
    return { sqs, QueueUrl, deadLetters, received };
  }

  test('gives its messages back to its queue', async () => {
    const { sqs, QueueUrl, received } = await queueWithDeadLetters('orders', ['a', 'b']);
    const found = await deadLetterQueueOf(sqs, QueueUrl);
    const results = await redriveAll(found ? [found] : [], true, () => undefined);
    expect(results).toEqual([{ from: 'orders-dead', to: 'orders', waiting: 2, redriven: 2, problem: undefined }]);
    expect(await received(QueueUrl)).toEqual(['a', 'b']);
  });

  test('is left alone without a yes', async () => {
    const { sqs, QueueUrl, deadLetters, received } = await queueWithDeadLetters('invoices', ['a']);
    const found = await deadLetterQueueOf(sqs, QueueUrl);
    const [result] = await redriveAll(found ? [found] : [], false, () => undefined);
    expect(result).toMatchObject({ waiting: 1, redriven: undefined });
    expect(await received(deadLetters)).toEqual(['a']);
  });

  test('is not looked for where a queue has none', async () => {
    const sqs = cloud.client(SQSClient);
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alone' }));
    expect(await deadLetterQueueOf(sqs, QueueUrl)).toBeUndefined();
  });
});

describe('a failure bucket', () => {
  const record = (text: string) => ({ kinesis: { data: Buffer.from(text).toString('base64'), partitionKey: 'omid' } });
  const keys = async (s3: S3Client, Bucket: string) =>
    ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);

  async function bucketWith(Bucket: string) {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket }));
    // One digit less is smaller as a number and larger as text.
    const batches = [
      { startSequenceNumber: '10', texts: ['third'] },
      { startSequenceNumber: '9', texts: ['first', 'second'] },
    ];
    for (const { startSequenceNumber, texts } of batches) {
      const payload = JSON.stringify({ Records: texts.map(record) });
      const Body = JSON.stringify({ KinesisBatchInfo: { startSequenceNumber }, payload });
      await s3.send(new PutObjectCommand({ Bucket, Key: `aws/lambda/mapping/shard/${startSequenceNumber}`, Body }));
    }
    return s3;
  }

  test('gives its records back to the stream in their order, and is empty then', async () => {
    const s3 = await bucketWith('failures');
    const kinesis = cloud.client(KinesisClient);
    await kinesis.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1 }, { StreamName: 'events' });
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'events' }));
    const again = putAgain(kinesis, StreamDescriptionSummary?.StreamARN ?? '');
    const found = failureBucket(s3, { bucket: 'failures', mapping: 'mapping', to: 'events', again });
    const [result] = await redriveAll([found], true, () => undefined);
    expect(result).toMatchObject({ waiting: 3, redriven: 3, problem: undefined });
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: 'events',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['first', 'second', 'third']);
    expect(await keys(s3, 'failures')).toEqual([]);
  });

  test('keeps what could not be redriven, and says why', async () => {
    const s3 = await bucketWith('stubborn');
    let tries = 0;
    const again = async () => {
      tries += 1;
      if (tries > 1) throw new Error('no stream');
    };
    const found = failureBucket(s3, { bucket: 'stubborn', mapping: 'mapping', to: 'events', again });
    const [result] = await redriveAll([found], true, () => undefined);
    expect(result).toMatchObject({ waiting: 3, redriven: 2, problem: 'no stream' });
    expect(await keys(s3, 'stubborn')).toEqual(['aws/lambda/mapping/shard/10']);
  });
});

describe('a batch that fails again', () => {
  test('stays, and those behind it pass', async () => {
    const s3 = cloud.client(S3Client);
    const Bucket = 'poisoned';
    await s3.send(new CreateBucketCommand({ Bucket }));
    for (const startSequenceNumber of ['1', '2', '3']) {
      const payload = JSON.stringify({ Records: [{ number: startSequenceNumber }] });
      const Body = JSON.stringify({ DDBStreamBatchInfo: { startSequenceNumber }, payload });
      await s3.send(new PutObjectCommand({ Bucket, Key: `aws/lambda/mapping/${startSequenceNumber}`, Body }));
    }
    const again = async ({ Records }: StreamRecords) => {
      if (JSON.stringify(Records).includes('"2"')) throw new FailedAgain('the function refused it');
    };
    const found = failureBucket(s3, { bucket: Bucket, mapping: 'mapping', to: 'function', again });
    const [result] = await redriveAll([found], true, () => undefined);
    expect(result).toMatchObject({ waiting: 3, redriven: 2, problem: expect.stringContaining('1 failed again') });
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['aws/lambda/mapping/2']);
  });
});

describe('a dead letter of an asynchronous invocation', () => {
  const event = { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'paid' } }] };

  test('is in the record of an invocation that failed', () => {
    const record = { version: '1.0', requestContext: { condition: 'RetriesExhausted' }, requestPayload: event };
    expect(eventIn(JSON.stringify(record))).toEqual(event);
  });

  test('is made of a message that SNS could not deliver', () => {
    const UnsubscribeURL = 'https://sns.example/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:eu-west-1:0:orders:1';
    const message = { Type: 'Notification', Message: 'paid', UnsubscribeURL };
    expect(eventIn(JSON.stringify(message))).toEqual({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: 'arn:aws:sns:eu-west-1:0:orders:1',
          Sns: message,
        },
      ],
    });
  });

  test('is what EventBridge could not deliver', () => {
    const undelivered = { version: '0', id: 'e-1', 'detail-type': 'user.signedup', detail: { id: 'u-1' } };
    expect(eventIn(JSON.stringify(undelivered))).toEqual(undelivered);
  });
});
