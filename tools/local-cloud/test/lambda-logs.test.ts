import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type LambdaCloud, startLambdaCloud } from './fixtures/lambda/support.ts';

let cloud: LambdaCloud;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  cloud = await startLambdaCloud();
  logs = cloud.client(CloudWatchLogsClient);
});
afterAll(() => cloud.close());

const messages = async (logGroupName: string) =>
  (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events?.map(({ message = '' }) => message) ?? [];

test('what a function prints is in its log group, in order, between START and REPORT', async () => {
  await cloud.create('talking', 'print');
  await cloud.invoke('talking', { lines: ['first', 'second', 'third'] });
  const lines = await eventually(async () => {
    const found = await messages('/aws/lambda/talking');
    expect(found.at(-1)).toMatch(/^REPORT RequestId: /);
    return found;
  });
  const printed = lines.map((line) => /^START|first|second|third|^END|^REPORT/.exec(line)?.[0]).filter(Boolean);
  expect(printed).toEqual(['START', 'first', 'second', 'third', 'END', 'REPORT']);
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/aws/lambda/talking' }));
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([
    expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
  ]);
});

test('a thousand lines arrive, each once', async () => {
  await cloud.create('bursting', 'print');
  const lines = Array.from({ length: 1000 }, (_, i) => `line-${i}-end`);
  await cloud.invoke('bursting', { lines });
  await eventually(async () => {
    const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/bursting', filterPattern: '"line-"' });
    const { events = [] } = await logs.send(command);
    // Answered in order of the lines' own times, and a machine's clock may step back between two of them.
    expect(events.map(({ message }) => /line-\d+-end/.exec(message ?? '')?.[0]).sort()).toEqual([...lines].sort());
  });
});

test('the log group can be one that is there already', async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'shared' }));
  await cloud.create('sharing', 'print', { LoggingConfig: { LogGroup: 'shared', LogFormat: 'JSON' } });
  await cloud.invoke('sharing', { lines: ['one'] });
  await eventually(async () => {
    const types = (await messages('shared'))
      .map((line) => JSON.parse(line))
      .map(({ type, message }) => type ?? message);
    expect(types).toEqual(expect.arrayContaining(['platform.start', 'one', 'platform.report']));
  });
});

test('a role that may not write logs writes none, and nothing else changes', async () => {
  await cloud.create('silent', 'print', { Role: cloud.role('Silent') });
  const { value, LogResult } = await cloud.invoke('silent', { lines: ['unheard'] }, { LogType: 'Tail' });
  expect(value).toBe('printed');
  expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain('unheard');
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/silent' }),
  );
  expect(logGroups).toEqual([]);
  expect(cloud.lines.filter((line) => line.includes('silent'))).toEqual([]);
});
