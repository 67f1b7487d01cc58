import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually, functionArn, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';
import { topicOnQueue } from './sns-support.ts';
import { newQueue } from './sqs-support.ts';

let cloud: LambdaCloud;
let logs: CloudWatchLogsClient;
beforeEach(async () => {
  cloud = await startLambdaCloud();
  logs = cloud.client(CloudWatchLogsClient);
});
afterEach(() => cloud.close());

const minute = 60_000;
const send = async (FunctionName: string, event: unknown = {}) => {
  const Payload = Buffer.from(JSON.stringify(event));
  return cloud.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
};
const configure = (FunctionName: string, settings: Partial<PutFunctionEventInvokeConfigCommandInput>) =>
  cloud.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...settings }));

/** What a function has printed so far with this word in it. */
async function printed(name: string, word: string): Promise<string[]> {
  const command = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: `"${word}"` });
  const { events = [] } = await logs.send(command).catch(() => ({ events: [] }));
  return events.map(({ message = '' }) => message);
}
const attempts = (name: string, count: number) =>
  eventually(async () => expect(await printed(name, 'REPORT RequestId')).toHaveLength(count));

describe('an asynchronous invocation', () => {
  test('is accepted before the function has run', async () => {
    await cloud.create('later', 'print');
    expect((await send('later', { lines: ['arrived'] })).StatusCode).toBe(202);
    await eventually(async () => expect(await printed('later', 'arrived')).toHaveLength(1));
  });

  test('that fails is tried again after one minute and after two more', async () => {
    await cloud.create('failing', 'fail');
    await send('failing', { message: 'no' });
    await attempts('failing', 1);
    await cloud.cloud.clock.advance(minute - 5_000);
    await attempts('failing', 1);
    await cloud.cloud.clock.advance(5_000);
    await attempts('failing', 2);
    await cloud.cloud.clock.advance(2 * minute);
    await attempts('failing', 3);
    const ids = (await printed('failing', 'START RequestId')).map((line) => /RequestId: (\S+)/.exec(line)?.[1]);
    expect(new Set(ids).size).toBe(1);
    await cloud.cloud.clock.advance(60 * minute);
    await attempts('failing', 3);
  });

  test('is not tried again when its function allows no retries, and its end is recorded at the destination', async () => {
    await cloud.create('recorder', 'print-record', {
      Code: {
        ZipFile: (await import('fflate')).zipSync({
          'handler.mjs': Buffer.from('export const record = async (event) => console.log(JSON.stringify(event));'),
        }),
      },
      Handler: 'handler.record',
    });
    await cloud.create('strict', 'fail');
    await cloud.grant('Function', 'lambda:InvokeFunction');
    await configure('strict', {
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: functionArn('recorder') } },
    });
    await send('strict', { message: 'no' });
    const [line = ''] = await eventually(async () => {
      const lines = await printed('recorder', 'RetriesExhausted');
      expect(lines).toHaveLength(1);
      return lines;
    });
    expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: `${functionArn('strict')}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 1,
      },
      requestPayload: { message: 'no' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'no' },
    });
  });

  test('follows the one before it at once where there is no concurrency for two', async () => {
    await cloud.create('single', 'print');
    await cloud.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'single', ReservedConcurrentExecutions: 1 }),
    );
    for (let i = 0; i < 20; i += 1) await send('single', { lines: ['its turn'] });
    await eventually(async () => expect(await printed('single', 'its turn')).toHaveLength(20));
  });

  test('waits while the function is throttled', async () => {
    await cloud.create('busy', 'slow', { Timeout: 30 });
    await cloud.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'busy', ReservedConcurrentExecutions: 1 }),
    );
    await Promise.all([send('busy', { ms: 300 }), send('busy', { ms: 300 })]);
    await attempts('busy', 2);
  });

  test('that fails for good is published to the topics for failures and dead letters', async () => {
    const { sqs, topicArn, queueUrl } = await topicOnQueue(cloud);
    await cloud.grant('Function', 'sns:Publish');
    await cloud.create('told', 'fail', { DeadLetterConfig: { TargetArn: topicArn } });
    await configure('told', {
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: topicArn } },
    });
    await send('told', { message: 'no' });
    const heard: Message[] = [];
    await eventually(async () => {
      const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
      heard.push(...((await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []));
      expect(heard).toHaveLength(2);
    });
    const isLetter = ({ MessageAttributes }: Message) => MessageAttributes?.['RequestID'] !== undefined;
    const [letter, record] = [heard.find(isLetter), heard.find((one) => !isLetter(one))];
    expect(JSON.parse(letter?.Body ?? '')).toEqual({ message: 'no' });
    expect(letter?.MessageAttributes).toMatchObject({ ErrorCode: { StringValue: '200' } });
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted' },
      requestPayload: { message: 'no' },
    });
  });

  test('that fails for good is sent to the queues for failures and dead letters', async () => {
    const sqs = cloud.client(SQSClient);
    const [failures, letters] = [await newQueue(sqs), await newQueue(sqs)];
    await cloud.grant('Function', 'sqs:SendMessage');
    await cloud.create('queued', 'fail', { DeadLetterConfig: { TargetArn: letters.arn } });
    const DestinationConfig = { OnFailure: { Destination: failures.arn } };
    await configure('queued', { MaximumRetryAttempts: 0, DestinationConfig });
    await send('queued', { message: 'no' });
    const [[record], [letter]] = await eventually(async () => {
      const found = [await failures.receive({ VisibilityTimeout: 0 }), await letters.receive({ VisibilityTimeout: 0 })];
      expect(found.flat()).toHaveLength(2);
      return found as [Message[], Message[]];
    });
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { message: 'no' },
    });
    expect(JSON.parse(letter?.Body ?? '')).toEqual({ message: 'no' });
  });

  test('is counted, with its age when it is tried, and as dropped when it is given up', async () => {
    await cloud.create('counted', 'fail');
    await configure('counted', { MaximumRetryAttempts: 1 });
    await send('counted', { message: 'no' });
    await attempts('counted', 1);
    await cloud.cloud.clock.advance(minute);
    await attempts('counted', 2);
    const now = cloud.cloud.clock.now();
    const metric = async (MetricName: string, Statistic: 'Sum' | 'Maximum') => {
      const { Datapoints } = await cloud.client(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'FunctionName', Value: 'counted' }],
          StartTime: new Date(now - 60 * minute),
          EndTime: new Date(now + minute),
          Period: 86_400,
          Statistics: [Statistic],
        }),
      );
      return Datapoints?.[0]?.[Statistic];
    };
    await eventually(async () => expect(await metric('AsyncEventsDropped', 'Sum')).toBe(1));
    expect(await metric('AsyncEventsReceived', 'Sum')).toBe(1);
    expect(await metric('AsyncEventAge', 'Maximum')).toBeGreaterThanOrEqual(minute);
  });

  test('whose destination cannot be reached leaves a line in the log of the cloud', async () => {
    await cloud.create('lost', 'fail', { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' } });
    await configure('lost', { MaximumRetryAttempts: 0 });
    await send('lost', { message: 'no' });
    await eventually(() =>
      expect(cloud.lines.filter((line) => line.includes('could not be sent to arn:aws:sqs:'))).toHaveLength(1),
    );
  });

  test('does not wait for its retry when the cloud closes', async () => {
    await cloud.create('closing', 'fail');
    await send('closing', { message: 'no' });
    await attempts('closing', 1);
    await cloud.close();
    expect(cloud.lines.at(-1)).toBe('lambda: 1 asynchronous events were not finished when the cloud closed');
  });
});

describe('the settings of asynchronous invocations', () => {
  test('are put, changed in part and deleted', async () => {
    await cloud.create('settings');
    const FunctionName = 'settings';
    await configure(FunctionName, { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 });
    await cloud.lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 2 }));
    expect(await cloud.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).toMatchObject({
      FunctionArn: `${functionArn('settings')}:$LATEST`,
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 60,
      LastModified: expect.any(Date),
    });
    await cloud.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(cloud.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `The function ${functionArn('settings')}:$LATEST doesn't have an EventInvokeConfig`,
    });
  });

  test('have their limits', async () => {
    await cloud.create('limits');
    await expect(configure('limits', { MaximumRetryAttempts: 3 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(configure('limits', {})).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'You must specify at least one of error handling or destination setting.',
    });
  });
});
