import { DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import { MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConsumerCloud, startConsumerCloud, streamArn } from './event-sources-support.ts';
import { eventually } from './fixtures/lambda/support.ts';
import { errorOf } from './kinesis-support.ts';
import { topicOnQueue } from './sns-support.ts';

let cloud: ConsumerCloud;
beforeEach(async () => {
  cloud = await startConsumerCloud();
});
afterEach(() => cloud.close());

const seen = async () => ((await cloud.batches()) as string[][]).flat();
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `order ${i}`);

describe('batches', () => {
  test('hold the records of a shard in order, at most as many as the batch size', async () => {
    await cloud.put(...numbers(5));
    await cloud.consume('consume', { BatchSize: 2 });
    await cloud.moving(async () => expect(await seen()).toEqual(numbers(5)));
    expect(await cloud.batches()).toEqual([['order 0', 'order 1'], ['order 2', 'order 3'], ['order 4']]);
  });

  test('are what Lambda documents as a Kinesis event', async () => {
    await cloud.consume('show');
    await cloud.put(['hello', 'key 1']);
    const [event] = await cloud.moving(async () => {
      const all = await cloud.batches();
      expect(all).toHaveLength(1);
      return all;
    });
    const sequenceNumber = expect.stringMatching(/^49\d{54}$/);
    expect(event).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'key 1',
            sequenceNumber,
            data: Buffer.from('hello').toString('base64'),
            approximateArrivalTimestamp: expect.any(Number),
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: expect.stringMatching(/^shardId-000000000000:49\d{54}$/),
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: cloud.role('Function'),
          awsRegion: 'us-east-1',
          eventSourceARN: streamArn('orders'),
        },
      ],
    });
  });

  test('are gathered for as long as the batching window', async () => {
    await cloud.consume('consume', { MaximumBatchingWindowInSeconds: 60 });
    await cloud.put('early');
    await cloud.clock.advance(30_000);
    await cloud.put('late');
    await cloud.clock.advance(20_000);
    expect(await cloud.batches()).toEqual([]);
    await cloud.moving(async () => expect(await cloud.batches()).toEqual([['early', 'late']]));
  });

  test('stay within the 6 MB of an invocation', async () => {
    const large = (name: string) => `${name} ${'x'.repeat(1_000_000)}`;
    await cloud.consume('consume', { MaximumBatchingWindowInSeconds: 10 });
    for (let i = 0; i < 7; i += 1) {
      await cloud.put(large(`order ${i}`));
      await cloud.clock.advance(1000);
    }
    await cloud.moving(async () => expect(await seen()).toHaveLength(7));
    // Of 1.33 MB each: a megabyte in base64.
    expect(((await cloud.batches()) as string[][]).map(({ length }) => length)).toEqual([4, 3]);
  });
});

describe('reading begins', () => {
  test('at LATEST with what is put after the mapping began to read', async () => {
    await cloud.put('before');
    await cloud.clock.advance(1000);
    await cloud.consume('consume', { StartingPosition: 'LATEST' });
    await cloud.clock.advance(1000);
    await cloud.put('after');
    await cloud.moving(async () => expect(await seen()).toEqual(['after']));
  });

  test('at a timestamp with what arrived then or later', async () => {
    await cloud.put('before');
    await cloud.clock.advance(10_000);
    const StartingPositionTimestamp = new Date(cloud.clock.now() - 5000);
    await cloud.put('after');
    await cloud.consume('consume', { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
    await cloud.moving(async () => expect(await seen()).toEqual(['after']));
  });

  test('where it ended when the mapping was disabled', async () => {
    const UUID = await cloud.consume('consume');
    await cloud.put('first');
    await cloud.moving(async () => expect(await seen()).toEqual(['first']));
    await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await cloud.moving(async () => expect((await cloud.mappingState(UUID)).State).toBe('Disabled'));
    await cloud.put('second');
    await cloud.clock.advance(5000);
    expect(await seen()).toEqual(['first']);
    await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await cloud.moving(async () => expect(await seen()).toEqual(['first', 'second']));
  });
});

describe('a batch that fails', () => {
  test('is tried again and holds up its shard until it is too old', async () => {
    const UUID = await cloud.consume('consume', { BatchSize: 1, MaximumRecordAgeInSeconds: 60 });
    await cloud.put('poison');
    await cloud.moving(async () => expect(await cloud.batches()).toHaveLength(3));
    expect(await seen()).toEqual(['poison', 'poison', 'poison']);
    expect((await cloud.mappingState(UUID)).LastProcessingResult).toBe('PROBLEM: Function call failed');
    await cloud.clock.advance(50_000);
    await cloud.put('next');
    await cloud.moving(async () => expect((await seen()).at(-1)).toBe('next'));
    expect((await cloud.mappingState(UUID)).LastProcessingResult).toBe('OK');
  });

  test('is given up after its retries, and a record of it is left in the bucket', async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'discarded' }));
    await cloud.grant('Function', 's3:PutObject', 's3:ListBucket');
    const UUID = await cloud.consume('consume', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::discarded' } },
    });
    await cloud.put('fine', 'poison');
    const key = await cloud.moving(async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'discarded' }));
      expect(Contents).toHaveLength(1);
      return Contents[0]?.Key ?? '';
    });
    expect(await cloud.batches()).toHaveLength(3);
    expect(key).toMatch(
      new RegExp(`^aws/lambda/${UUID}/shardId-000000000000/\\d{4}/\\d\\d/\\d\\d/[-\\dT.]{19}-[-0-9a-f]{36}$`),
    );
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'discarded', Key: key }));
    const record = JSON.parse((await Body?.transformToString()) ?? '');
    expect(record).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2, streamArn: streamArn('orders') },
    });
    expect(JSON.parse(record.payload).Records).toHaveLength(2);
  });

  test.each(['sqs', 'sns'])(
    'is given up after its retries, and %s is told where in the stream it was',
    async (service) => {
      const { queueUrl, queueArn, topicArn } = await topicOnQueue(cloud);
      await cloud.grant('Function', 'sqs:SendMessage', 'sns:Publish');
      const Destination = service === 'sns' ? topicArn : queueArn;
      await cloud.consume('consume', { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
      await cloud.put('fine', 'poison');
      const body = await cloud.moving(async () => {
        const { Messages } = await cloud.client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
        expect(Messages).toHaveLength(1);
        return Messages?.[0]?.Body ?? '';
      });
      const record = JSON.parse(body);
      expect(record).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
        KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 2, streamArn: streamArn('orders') },
      });
      expect(record).not.toHaveProperty('payload');
    },
  );

  test('is halved until the bad record is alone, without using up retries', async () => {
    await cloud.consume('consume', { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
    await cloud.put('a', 'b', 'poison', 'd');
    await cloud.moving(async () => expect(await cloud.batches()).toHaveLength(5));
    expect(await cloud.batches()).toEqual([['a', 'b', 'poison', 'd'], ['a', 'b'], ['poison', 'd'], ['poison'], ['d']]);
  });

  test('in part goes on at the record that was reported', async () => {
    await cloud.consume('report', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
    });
    await cloud.put('a', 'b', 'poison', 'd');
    await cloud.moving(async () => expect(await cloud.batches()).toHaveLength(5));
    expect(await cloud.batches()).toEqual([['a', 'b', 'poison', 'd'], ['poison', 'd'], ['poison'], ['poison'], ['d']]);
  });
});

describe('order and parallelism', () => {
  test('records of one partition key stay in order with a parallelization factor', async () => {
    await cloud.consume('consume', { ParallelizationFactor: 4, BatchSize: 3 });
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await cloud.put(...keys.flatMap((key) => numbers(5).map((text) => [`${key} ${text}`, key] as const)));
    await cloud.moving(async () => expect(await seen()).toHaveLength(30));
    for (const key of keys) {
      expect((await seen()).filter((text) => text.startsWith(key))).toEqual(numbers(5).map((text) => `${key} ${text}`));
    }
  });

  test('a bad record holds up its own lane only', async () => {
    await cloud.consume('consume', { ParallelizationFactor: 10, BatchSize: 1 });
    await cloud.put(['poison', 'bad'], ...['a', 'b', 'c', 'd'].map((key) => [key, key] as const));
    await cloud.moving(async () => expect(await seen()).toEqual(expect.arrayContaining(['poison', 'a', 'b'])));
  });

  test('child shards are read after their parents, all of them once', async () => {
    await cloud.put('parent 1', 'parent 2');
    const stream = { StreamName: 'orders' };
    await cloud.kinesis.send(
      new SplitShardCommand({
        ...stream,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await cloud.clock.advance(1000);
    await cloud.put(...['a', 'b', 'c', 'd'].map((key) => [`child ${key}`, key] as const));
    const pair = { ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' };
    await cloud.kinesis.send(new MergeShardsCommand({ ...stream, ...pair }));
    await cloud.clock.advance(1000);
    await cloud.put('grandchild');
    await cloud.consume('consume', { BatchSize: 1 });
    await cloud.moving(async () => expect(await seen()).toHaveLength(7));
    const all = await seen();
    expect(all.slice(0, 2)).toEqual(['parent 1', 'parent 2']);
    expect(all.slice(2, 6).sort()).toEqual(['child a', 'child b', 'child c', 'child d']);
    expect(all[6]).toBe('grandchild');
  });

  test('a shard that comes later is read from its start, also from LATEST on', async () => {
    await cloud.consume('consume', { StartingPosition: 'LATEST' });
    await cloud.clock.advance(2000);
    await cloud.kinesis.send(
      new SplitShardCommand({
        StreamName: 'orders',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await cloud.clock.advance(300);
    await cloud.put('right after the split');
    await cloud.moving(async () => expect(await seen()).toEqual(['right after the split']));
  });
});

test('filter criteria let through what one of them matches; the rest counts as read', async () => {
  const filter = (pattern: object) => ({ Pattern: JSON.stringify(pattern) });
  const UUID = await cloud.consume('consume', {
    FilterCriteria: {
      Filters: [filter({ data: { amount: [{ numeric: ['>', 100] }] } }), filter({ data: ['plain'] })],
    },
  });
  await cloud.put('{"amount":50}', '{"amount":150}', 'plain', 'other');
  await cloud.moving(async () => expect(await seen()).toEqual(['{"amount":150}', 'plain']));
  await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, FilterCriteria: { Filters: [] } }));
  await cloud.moving(async () => expect((await cloud.mappingState(UUID)).State).toBe('Enabled'));
  await cloud.put('unfiltered');
  await cloud.moving(async () => expect((await seen()).at(-1)).toBe('unfiltered'));
  expect(await seen()).toHaveLength(3);
});

test('a tumbling window hands the state from batch to batch and ends with one last invocation', async () => {
  const windowMs = 60_000;
  await cloud.clock.advance(windowMs - (cloud.clock.now() % windowMs) + 1000);
  const start = cloud.clock.now() - (cloud.clock.now() % windowMs);
  await cloud.consume('count', { TumblingWindowInSeconds: 60, BatchSize: 2 });
  await cloud.put(...numbers(5));
  await cloud.clock.advance(10_000);
  const time = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  const window = { start: time(start), end: time(start + windowMs) };
  await cloud.moving(async () => expect(await cloud.batches()).toEqual([{ window, counted: 5 }]), 5000);
});

describe('the role of the function', () => {
  test('must be allowed to read the stream when the mapping is created', async () => {
    await cloud.create('silent', 'echo', { Role: cloud.role('Silent') });
    const creation = cloud.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'silent',
        EventSourceArn: streamArn('orders'),
        StartingPosition: 'LATEST',
      }),
    );
    expect(await errorOf(creation)).toEqual({
      name: 'InvalidParameterValueException',
      message: `Cannot access stream ${streamArn('orders')}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    });
  });

  test('that loses its permission stops the reading with a problem, and regains it without a loss', async () => {
    const UUID = await cloud.consume('consume');
    const PolicyName = 'kinesis-GetRecords,kinesis-GetShardIterator,kinesis-DescribeStream';
    await cloud.iam.send(new DeleteRolePolicyCommand({ RoleName: 'Function', PolicyName }));
    await cloud.put('meanwhile');
    await cloud.moving(async () =>
      expect((await cloud.mappingState(UUID)).LastProcessingResult).toMatch(/^PROBLEM: Cannot access stream/),
    );
    expect((await cloud.mappingState(UUID)).State).toBe('Enabled');
    await cloud.grant('Function', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream');
    await cloud.moving(async () => expect(await seen()).toEqual(['meanwhile']), 5000);
  });
});

describe('a mapping', () => {
  test('goes from Creating to Enabled, and is gone after its deletion', async () => {
    await cloud.create('target', 'echo');
    const EventSourceArn = streamArn('orders');
    const input = { FunctionName: 'target', EventSourceArn, StartingPosition: 'LATEST' } as const;
    const created = await cloud.lambda.send(new CreateEventSourceMappingCommand(input));
    expect(created).toMatchObject({
      State: 'Creating',
      StateTransitionReason: 'User action',
      LastProcessingResult: 'No records processed',
      BatchSize: 100,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
    });
    await cloud.clock.advance(1000);
    expect((await cloud.mappingState(created.UUID)).State).toBe('Enabled');
    const twin = await errorOf(cloud.lambda.send(new CreateEventSourceMappingCommand(input)));
    expect(twin.name).toBe('ResourceConflictException');
    expect(twin.message).toContain(`existing mapping with UUID ${created.UUID}`);
    const deleted = await cloud.lambda.send(new DeleteEventSourceMappingCommand({ UUID: created.UUID }));
    expect(deleted.State).toBe('Deleting');
    await eventually(async () => {
      const gone = await errorOf(cloud.lambda.send(new GetEventSourceMappingCommand({ UUID: created.UUID })));
      expect(gone.name).toBe('ResourceNotFoundException');
    });
  });

  test.each([
    [{ BatchSize: 10_001 }, /batchSize.*less than or equal to 10000/],
    [{ ParallelizationFactor: 11 }, /parallelizationFactor.*less than or equal to 10/],
    [{ MaximumRecordAgeInSeconds: 30 }, /-1 or between 60 and 604800/],
    [{ StartingPosition: 'AT_TIMESTAMP' as const }, /needs a StartingPositionTimestamp/],
    [{ FilterCriteria: { Filters: [{ Pattern: '{"data":"x"}' }] } }, /Invalid filter pattern definition.*"data"/],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:kinesis:us-east-1:000000000000:dead' } } },
      /buckets, topics/,
    ],
    [{ DestinationConfig: { OnFailure: {} } }, /The Destination field is required for an OnFailure configuration/],
    [{ MetricsConfig: { Metrics: ['EventCount' as const] } }, /MetricsConfig of an event source mapping/],
    [{ ProvisionedPollerConfig: { MinimumPollers: 1 } }, /ProvisionedPollerConfig of an event source mapping/],
    [{ EventSourceArn: streamArn('missing') }, /Stream not found/],
  ])('refuses %j', async (settings, message) => {
    expect((await errorOf(cloud.consume('consume', settings))).message).toMatch(message);
  });
});
