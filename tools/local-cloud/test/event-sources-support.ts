import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { expect } from 'vitest';
import { account, moving, startLambdaCloud } from './fixtures/lambda/support.ts';

const code = readFileSync(join(import.meta.dirname, 'fixtures', 'lambda', 'functions', 'consumer.mjs'));
const ZipFile = zipSync({ 'consumer.mjs': code });

export const streamArn = (name: string) => `arn:aws:kinesis:us-east-1:${account}:stream/${name}`;
export type ConsumerCloud = Awaited<ReturnType<typeof startConsumerCloud>>;

/** A cloud with the stream `orders` of one shard; the role `Function` may read streams. */
export async function startConsumerCloud(ShardCount = 1) {
  const cloud = await startLambdaCloud();
  const { clock } = cloud.cloud;
  const kinesis = cloud.client(KinesisClient);
  const logs = cloud.client(CloudWatchLogsClient);
  await cloud.grant('Function', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream');
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount }));
  await clock.advance(1000);

  const mappingState = async (UUID: string | undefined) => {
    const mapping = await cloud.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return mapping;
  };

  return {
    ...cloud,
    clock,
    kinesis,
    mappingState,
    /** Creates the function `consumer` with one of the handlers of `functions/consumer.mjs`, and its mapping. */
    async consume(handler: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}) {
      await cloud.create('consumer', 'x', { Handler: `consumer.${handler}`, Code: { ZipFile }, Timeout: 30 });
      const { UUID } = await cloud.lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: 'consumer',
          EventSourceArn: streamArn('orders'),
          StartingPosition: 'TRIM_HORIZON',
          ...settings,
        }),
      );
      await clock.advance(300);
      return UUID as string;
    },
    async put(...texts: readonly (string | readonly [text: string, key: string])[]) {
      const Records = texts.map((entry) => {
        const [text, PartitionKey] = typeof entry === 'string' ? [entry, 'key'] : entry;
        return { Data: Buffer.from(text), PartitionKey };
      });
      const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
      expect(FailedRecordCount).toBe(0);
    },
    /** What the function printed of each invocation so far, in order. */
    async batches(): Promise<unknown[]> {
      const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/consumer', filterPattern: 'BATCH' });
      const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
      return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('BATCH ') + 6)));
    },
    moving: <T>(check: () => T | Promise<T>, stepMs?: number): Promise<T> => moving(cloud.cloud, check, stepMs),
  };
}
