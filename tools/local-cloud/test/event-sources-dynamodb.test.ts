import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moving, startLambdaCloud } from './fixtures/lambda/support.ts';

const code = readFileSync(join(import.meta.dirname, 'fixtures', 'lambda', 'functions', 'changes.mjs'));
const ZipFile = zipSync({ 'changes.mjs': code });
const TableName = 'orders';

/** A cloud with the table `orders` and its stream, which the role `Function` may read. */
async function startChangesCloud() {
  const cloud = await startLambdaCloud();
  const { clock } = cloud.cloud;
  const dynamodb = cloud.client(DynamoDBClient);
  const logs = cloud.client(CloudWatchLogsClient);
  await cloud.grant('Function', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream');
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const streamArn = TableDescription?.LatestStreamArn as string;
  await clock.advance(1000);
  const key = (id: string) => ({ id: { S: id } });
  return {
    ...cloud,
    clock,
    dynamodb,
    streamArn,
    put: async (...ids: readonly string[]) => {
      for (const id of ids) await dynamodb.send(new PutItemCommand({ TableName, Item: key(id) }));
    },
    set: (id: string, n: number) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: { ...key(id), n: { N: `${n}` } } })),
    remove: (id: string) => dynamodb.send(new DeleteItemCommand({ TableName, Key: key(id) })),
    async consume(handler: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}) {
      await cloud.create('consumer', 'x', { Handler: `changes.${handler}`, Code: { ZipFile }, Timeout: 30 });
      const mapping = {
        FunctionName: 'consumer',
        EventSourceArn: streamArn,
        StartingPosition: 'TRIM_HORIZON' as const,
      };
      const { UUID } = await cloud.lambda.send(new CreateEventSourceMappingCommand({ ...mapping, ...settings }));
      await clock.advance(300);
      return UUID as string;
    },
    async batches(): Promise<unknown[]> {
      const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/consumer', filterPattern: 'BATCH' });
      const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
      return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('BATCH ') + 6)));
    },
    moving: <T>(check: () => T | Promise<T>, stepMs?: number): Promise<T> => moving(cloud.cloud, check, stepMs),
  };
}

let cloud: Awaited<ReturnType<typeof startChangesCloud>>;
beforeEach(async () => {
  cloud = await startChangesCloud();
});
afterEach(() => cloud.close());

const batchesAre = (expected: unknown[]) => cloud.moving(async () => expect(await cloud.batches()).toEqual(expected));

describe('the event', () => {
  test('is what Lambda documents, with both images and base64 for bytes', async () => {
    await cloud.consume('show');
    const Key = { id: { S: 'a' } };
    await cloud.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, b: { B: Uint8Array.from([1, 2]) } } }));
    const update = {
      TableName,
      Key,
      UpdateExpression: 'SET n = :n REMOVE b',
      ExpressionAttributeValues: { ':n': { N: '1' } },
    };
    await cloud.dynamodb.send(new UpdateItemCommand(update));
    const events = await cloud.moving(async () => {
      const found = ((await cloud.batches()) as { Records: object[] }[]).flatMap(({ Records }) => Records);
      expect(found).toHaveLength(2);
      return found;
    });
    const common = {
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: cloud.streamArn,
    };
    const old = { id: { S: 'a' }, b: { B: 'AQI=' } };
    const change = {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: Key,
      SequenceNumber: expect.stringMatching(/^\d{21}$/),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    };
    expect(events).toEqual([
      { ...common, eventName: 'INSERT', dynamodb: { ...change, NewImage: old } },
      { ...common, eventName: 'MODIFY', dynamodb: { ...change, OldImage: old, NewImage: { ...Key, n: { N: '1' } } } },
    ]);
  });

  test('of an expired item names DynamoDB as who deleted it', async () => {
    const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };
    await cloud.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    const expires = { N: `${Math.floor(cloud.clock.now() / 1000) + 3600}` };
    const FilterCriteria = {
      Filters: [{ Pattern: '{"userIdentity":{"type":["Service"],"principalId":["dynamodb.amazonaws.com"]}}' }],
    };
    await cloud.consume('consume', { FilterCriteria });
    await cloud.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'gone' }, expires } }));
    await cloud.put('kept');
    await cloud.remove('kept');
    await cloud.clock.advance(3_700_000);
    await batchesAre([['REMOVE gone']]);
  });
});

describe('batches', () => {
  test('hold the changes in order, at most as many as the batch size', async () => {
    await cloud.put('a', 'b');
    await cloud.remove('a');
    await cloud.consume('consume', { BatchSize: 2 });
    await batchesAre([['INSERT a', 'INSERT b'], ['REMOVE a']]);
  });

  test('are gathered for as long as the batching window', async () => {
    await cloud.consume('consume', { MaximumBatchingWindowInSeconds: 60 });
    await cloud.put('early');
    await cloud.clock.advance(30_000);
    await cloud.put('late');
    await cloud.clock.advance(20_000);
    expect(await cloud.batches()).toEqual([]);
    await batchesAre([['INSERT early', 'INSERT late']]);
  });

  test('hold only what a filter on the change lets pass', async () => {
    const Pattern = JSON.stringify({ eventName: ['INSERT'], dynamodb: { Keys: { id: { S: [{ prefix: 'order' }] } } } });
    await cloud.consume('consume', { FilterCriteria: { Filters: [{ Pattern }] } });
    await cloud.put('order 1', 'other', 'order 2');
    await cloud.remove('order 1');
    await cloud.moving(async () =>
      expect(((await cloud.batches()) as string[][]).flat()).toEqual(['INSERT order 1', 'INSERT order 2']),
    );
  });

  test('know nothing of writes that changed nothing', async () => {
    await cloud.consume('consume');
    await cloud.put('a', 'a', 'a');
    await cloud.remove('none');
    await cloud.remove('a');
    await cloud.moving(async () =>
      expect(((await cloud.batches()) as string[][]).flat()).toEqual(['INSERT a', 'REMOVE a']),
    );
  });
});

describe('a poisonous change', () => {
  test('is halved out of its batch and ends alone at the on-failure destination', async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'discarded' }));
    await cloud.grant('Function', 's3:PutObject', 's3:ListBucket');
    await cloud.put('a', 'b', 'poison', 'c');
    await cloud.consume('consume', {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::discarded' } },
    });
    const key = await cloud.moving(async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'discarded' }));
      expect(Contents).toHaveLength(1);
      return Contents[0]?.Key;
    });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'discarded', Key: key }));
    const discarded = JSON.parse((await Body?.transformToString()) ?? '');
    expect(discarded).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
        startSequenceNumber: expect.stringMatching(/^\d{21}$/),
        batchSize: 1,
        streamArn: cloud.streamArn,
      },
    });
    expect(JSON.parse(discarded.payload).Records[0].dynamodb.Keys).toEqual({ id: { S: 'poison' } });
    await cloud.moving(async () => expect((await cloud.batches()).at(-1)).toEqual(['INSERT c']));
  });

  test('that is reported leaves what was before it done', async () => {
    await cloud.put('a', 'poison', 'b');
    await cloud.consume('report', { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 });
    await batchesAre([
      ['INSERT a', 'INSERT poison', 'INSERT b'],
      ['INSERT poison', 'INSERT b'],
    ]);
  });

  test('is given up when it is older than the maximum age', async () => {
    await cloud.put('poison');
    await cloud.consume('consume', { MaximumRecordAgeInSeconds: 60 });
    await cloud.moving(async () => expect((await cloud.batches()).length).toBeGreaterThan(0), 200);
    await cloud.clock.advance(60_000);
    await cloud.put('after');
    await cloud.moving(async () => expect((await cloud.batches()).at(-1)).toEqual(['INSERT after']));
  });
});

test('a parallelization factor keeps the order of each item', async () => {
  await cloud.consume('values', { ParallelizationFactor: 10, BatchSize: 2 });
  const ids = ['a', 'b', 'c', 'd'];
  for (let n = 0; n < 5; n += 1) for (const id of ids) await cloud.set(id, n);
  await cloud.moving(async () => {
    const changes = ((await cloud.batches()) as [string, string][][]).flat();
    expect(changes).toHaveLength(20);
    for (const id of ids) {
      expect(changes.filter(([of]) => of === id).map(([, n]) => n)).toEqual(['0', '1', '2', '3', '4']);
    }
  });
});

test('a tumbling window ends with one last invocation', async () => {
  const windowMs = 60_000;
  await cloud.clock.advance(windowMs - (cloud.clock.now() % windowMs) + 1000);
  const start = cloud.clock.now() - (cloud.clock.now() % windowMs);
  await cloud.consume('count', { TumblingWindowInSeconds: 60, BatchSize: 2 });
  await cloud.put('a', 'b', 'c', 'd', 'e');
  const time = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  const window = { start: time(start), end: time(start + windowMs) };
  await cloud.moving(async () => expect(await cloud.batches()).toEqual([{ window, counted: 5 }]), 5000);
});

test('reading goes on where it ended, over the end of a shard and a time without the mapping', async () => {
  const UUID = await cloud.consume('consume');
  await cloud.put('first');
  await batchesAre([['INSERT first']]);
  await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await cloud.moving(async () => {
    expect((await cloud.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Disabled');
  });
  await cloud.put('second');
  await cloud.clock.advance(5 * 3_600_000);
  await cloud.put('third');
  await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await cloud.moving(async () =>
    expect(((await cloud.batches()) as string[][]).flat()).toEqual(['INSERT first', 'INSERT second', 'INSERT third']),
  );
});
