import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { moving, startLambdaCloud } from './fixtures/lambda/support.ts';
import { newQueue, type QueueAttributes, type TestQueue } from './sqs-support.ts';

const code = readFileSync(join(import.meta.dirname, 'fixtures', 'lambda', 'functions', 'queue-consumer.mjs'));
const ZipFile = zipSync({ 'consumer.mjs': code });

export type QueueCloud = Awaited<ReturnType<typeof startQueueCloud>>;

/** A cloud whose role `Function` may consume queues. */
export async function startQueueCloud() {
  const cloud = await startLambdaCloud();
  const { clock } = cloud.cloud;
  const sqs = cloud.client(SQSClient);
  const logs = cloud.client(CloudWatchLogsClient);
  await cloud.grant('Function', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');
  let functions = 0;
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  const gate = createServer((_, response) => void opened.promise.then(() => response.end()));
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const GATE = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;

  return {
    ...cloud,
    /** Until it is opened, functions that linger don't end. */
    closeGate() {
      opened = Promise.withResolvers();
    },
    openGate: () => opened.resolve(),
    async close() {
      opened.resolve();
      await cloud.close();
      gate.closeAllConnections();
      gate.close();
    },
    clock,
    sqs,
    queue: (attributes: QueueAttributes = {}) => newQueue(sqs, attributes),
    fifo: (attributes: QueueAttributes = {}) =>
      newQueue(sqs, { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes }),
    /** Creates a function with one of the handlers of `functions/queue-consumer.mjs`, and its mapping, already enabled. */
    async consume(
      queue: TestQueue,
      handler: string,
      settings: Partial<CreateEventSourceMappingCommandInput> = {},
      reserved?: number,
    ) {
      const FunctionName = `consumer-${++functions}`;
      await cloud.create(FunctionName, 'x', {
        Handler: `consumer.${handler}`,
        Code: { ZipFile },
        Environment: { Variables: { GATE } },
        Timeout: 30,
      });
      if (reserved !== undefined) {
        const { PutFunctionConcurrencyCommand } = await import('@aws-sdk/client-lambda');
        const input = { FunctionName, ReservedConcurrentExecutions: reserved };
        await cloud.lambda.send(new PutFunctionConcurrencyCommand(input));
      }
      const { UUID } = await cloud.lambda.send(
        new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn: queue.arn, ...settings }),
      );
      await clock.advance(300);
      /** What the function printed of each invocation so far, in order. */
      async function batches(): Promise<unknown[]> {
        const command = new FilterLogEventsCommand({
          logGroupName: `/aws/lambda/${FunctionName}`,
          filterPattern: 'BATCH',
        });
        const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
        return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('BATCH ') + 6)));
      }
      return {
        UUID: UUID as string,
        FunctionName,
        batches,
        seen: async () => ((await batches()) as string[][]).flat(),
        mapping: () => cloud.lambda.send(new GetEventSourceMappingCommand({ UUID })),
      };
    },
    moving: <T>(check: () => T | Promise<T>, stepMs?: number): Promise<T> => moving(cloud.cloud, check, stepMs),
  };
}
