import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type InputLogEvent,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud } from '../src/testing.ts';
import { errorOf } from './kinesis-support.ts';

const hour = 3_600_000;
const day = 24 * hour;
let test: Awaited<ReturnType<typeof startTestCloud>>;
let logs: CloudWatchLogsClient;
let logGroupName: string;
let groups = 0;

beforeAll(async () => {
  test = await startTestCloud();
  logs = test.client(CloudWatchLogsClient);
});
afterAll(() => test.close());
beforeEach(async () => {
  logGroupName = `/events/${++groups}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of ['s', 't']) await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
});

const now = () => test.cloud.clock.now();
const put = (logEvents: InputLogEvent[], logStreamName = 's') =>
  logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
const putLines = (messages: readonly string[], from = now() - hour, stream = 's') =>
  put(
    messages.map((message, i) => ({ timestamp: from + i, message })),
    stream,
  );
const get = (input: Partial<GetLogEventsCommandInput> = {}) =>
  logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 's', ...input }));
const filter = (input: Partial<FilterLogEventsCommandInput> = {}) =>
  logs.send(new FilterLogEventsCommand({ logGroupName, ...input }));
const messages = (output: { events?: { message?: string | undefined }[] | undefined }) =>
  output.events?.map((event) => event.message);

describe('PutLogEvents', () => {
  it('takes 10,000 events and refuses 10,001 and none', async () => {
    const events = Array.from({ length: 10_001 }, () => ({ timestamp: now(), message: 'm' }));
    await put(events.slice(1));
    expect(await errorOf(put(events))).toEqual({
      name: 'InvalidParameterException',
      message:
        "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to 10000",
    });
    expect(await errorOf(put([]))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('takes 1,048,576 bytes with 26 for each event, in UTF-8', async () => {
    const event = (bytes: number) => ({ timestamp: now(), message: 'é'.repeat(bytes / 2) });
    await put([event(1_048_576 - 26)]);
    await put([event(524_288 - 26), event(524_288 - 26)]);
    expect(await errorOf(put([event(1_048_576 - 24)]))).toEqual({
      name: 'InvalidParameterException',
      message: 'Log event too large: 1048578 bytes exceeds limit of 1048576',
    });
    expect(await errorOf(put([event(524_288 - 26), event(524_288 - 24)]))).toEqual({
      name: 'InvalidParameterException',
      message: 'Upload too large: 1048578 bytes exceeds limit of 1048576',
    });
  });

  it('needs order of time within 24 hours', async () => {
    const at = (age: number) => ({ timestamp: now() - age, message: 'm' });
    expect(await errorOf(put([at(1000), at(2000)]))).toEqual({
      name: 'InvalidParameterException',
      message: 'Log events in a single PutLogEvents request must be in chronological order.',
    });
    expect(await errorOf(put([at(day + 1000), at(0)]))).toEqual({
      name: 'InvalidParameterException',
      message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    });
    expect(messages(await get())).toEqual([]);
  });

  it('rejects what is older than 14 days or more than 2 hours ahead, and takes the rest', async () => {
    const output = await put([
      { timestamp: now() - 15 * day, message: 'too old' },
      { timestamp: now(), message: 'good' },
      { timestamp: now() + 3 * hour, message: 'too new' },
    ]);
    expect(output.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(messages(await get())).toEqual(['good']);
    expect((await put([{ timestamp: now(), message: 'm' }])).rejectedLogEventsInfo).toBeUndefined();
  });

  it('rejects what is older than the retention period', async () => {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    const output = await put([
      { timestamp: now() - 2 * day, message: 'expired' },
      { timestamp: now() - hour, message: 'good' },
    ]);
    expect(output.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(messages(await get())).toEqual(['good']);
  });

  it('refuses empty messages, and streams and groups that are not there', async () => {
    expect(await errorOf(putLines(['']))).toMatchObject({ name: 'InvalidParameterException' });
    expect(await errorOf(putLines(['m'], now(), 'nowhere'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });

  it('sorts late events in', async () => {
    await putLines(['second'], now() - hour);
    await putLines(['first'], now() - 2 * hour);
    expect(messages(await get())).toEqual(['first', 'second']);
  });
});

describe('GetLogEvents', () => {
  it('answers the latest events unless it is to start from the head', async () => {
    await putLines(['1', '2', '3', '4', '5']);
    expect(messages(await get({ limit: 2 }))).toEqual(['4', '5']);
    expect(messages(await get({ limit: 2, startFromHead: true }))).toEqual(['1', '2']);
  });

  it('pages both ways and answers the same token at the end', async () => {
    await putLines(['1', '2', '3', '4', '5']);
    const first = await get({ limit: 2, startFromHead: true });
    const second = await get({ limit: 2, startFromHead: true, nextToken: first.nextForwardToken });
    const third = await get({ limit: 2, startFromHead: true, nextToken: second.nextForwardToken });
    expect([second, third].map(messages)).toEqual([['3', '4'], ['5']]);
    const end = await get({ startFromHead: true, nextToken: third.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: third.nextForwardToken });
    expect(messages(await get({ limit: 2, nextToken: third.nextBackwardToken }))).toEqual(['3', '4']);
    await putLines(['6'], now());
    expect(messages(await get({ startFromHead: true, nextToken: end.nextForwardToken }))).toEqual(['6']);
  });

  it('has its start inclusive and its end exclusive', async () => {
    const from = now() - hour;
    await putLines(['1', '2', '3'], from);
    expect(messages(await get({ startTime: from + 1, endTime: from + 2 }))).toEqual(['2']);
  });

  it('answers at most 1 MB a page', async () => {
    await putLines(['a'.repeat(600_000)]);
    await putLines(['b'.repeat(600_000)], now());
    expect((await get({ startFromHead: true })).events).toHaveLength(1);
  });

  it('takes the group by ARN, and not both ways at once', async () => {
    await putLines(['m']);
    const logGroupIdentifier = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`;
    expect(messages(await get({ logGroupName: undefined, logGroupIdentifier }))).toEqual(['m']);
    expect(await errorOf(get({ logGroupIdentifier }))).toMatchObject({ name: 'InvalidParameterException' });
    expect(await errorOf(get({ nextToken: 'x' }))).toEqual({
      name: 'InvalidParameterException',
      message: 'The specified nextToken is invalid.',
    });
  });

  it('forgets events when their retention is over', async () => {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    await putLines(['old'], now());
    await test.cloud.clock.advance(23 * hour);
    await putLines(['new'], now());
    await test.cloud.clock.advance(2 * hour);
    expect(messages(await get())).toEqual(['new']);
  });
});

describe('FilterLogEvents', () => {
  it('answers matching events of all streams in order of time, page by page', async () => {
    const from = now() - hour;
    await putLines(['ERROR 1', 'info', 'ERROR 3'], from, 's');
    await putLines(['ERROR 2'], from + 1, 't');
    const first = await filter({ filterPattern: 'ERROR', limit: 2 });
    expect(messages(first)).toEqual(['ERROR 1', 'ERROR 2']);
    const rest = await filter({ filterPattern: 'ERROR', limit: 2, nextToken: first.nextToken });
    expect(rest.events).toEqual([
      {
        logStreamName: 's',
        message: 'ERROR 3',
        timestamp: from + 2,
        ingestionTime: expect.any(Number),
        eventId: expect.stringMatching(/^\d{56}$/),
      },
    ]);
    expect(rest.nextToken).toBeUndefined();
  });

  it('selects streams and times, both ends inclusive', async () => {
    const from = now() - hour;
    await putLines(['1', '2', '3'], from, 's');
    await putLines(['other'], from, 't');
    expect(messages(await filter({ logStreamNames: ['s'], startTime: from + 1, endTime: from + 2 }))).toEqual([
      '2',
      '3',
    ]);
    expect(messages(await filter({ logStreamNamePrefix: 't' }))).toEqual(['other']);
    expect(await errorOf(filter({ logStreamNames: ['s'], logStreamNamePrefix: 's' }))).toMatchObject({
      name: 'InvalidParameterException',
    });
    expect(await errorOf(filter({ logStreamNames: ['nowhere'] }))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('goes backwards when asked to, from 2024 on', async () => {
    await putLines(['1', '2', '3']);
    const input = { startFromHead: false, startTime: now() - day };
    const first = await filter({ ...input, limit: 2 });
    expect(messages(first)).toEqual(['3', '2']);
    expect(messages(await filter({ ...input, nextToken: first.nextToken }))).toEqual(['1']);
    expect(await errorOf(filter({ startFromHead: false }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses a pattern it cannot read', async () => {
    expect(await errorOf(filter({ filterPattern: '{ $.a = 1' }))).toEqual({
      name: 'InvalidParameterException',
      message: "If a filter pattern starts with '{' it must end with '}'",
    });
    expect(await errorOf(filter({ filterPattern: 'a@b' }))).toMatchObject({ name: 'InvalidParameterException' });
  });
});
