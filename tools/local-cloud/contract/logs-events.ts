import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { group, logStreamName, reference } from './logs-support.ts';

const day = 24 * 3_600_000;

/** Claims about log streams and the events in them. */
export const logEventClaims: readonly Claim[] = [
  {
    operation: 'PutLogEvents',
    claim: 'gives back what was put, oldest first',
    source: reference('GetLogEvents'),
    async run(target) {
      const { logs, logGroupName, put } = await group(target);
      await put(['a', 'b']);
      await target.until(async () => {
        const { events } = await logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
        );
        expect(events?.map(({ message }) => message)).toEqual(['a', 'b']);
      });
    },
  },
  {
    operation: 'PutLogEvents',
    claim: 'refuses events that are not in the order of time',
    source: reference('PutLogEvents'),
    async run(target) {
      const { logs, logGroupName } = await group(target);
      const now = Date.now();
      const logEvents = [
        { message: 'b', timestamp: now },
        { message: 'a', timestamp: now - 1 },
      ];
      const call = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
      expect((await refusal(logs.send(call))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'PutLogEvents',
    claim: 'says which events are too old or too new, and keeps the others',
    limit: '14 days back, 2 hours ahead',
    source: reference('PutLogEvents'),
    async run(target) {
      const { put } = await group(target);
      const { rejectedLogEventsInfo: old } = await put(['old'], Date.now() - 15 * day);
      expect(old).toMatchObject({ tooOldLogEventEndIndex: 1 });
      // Far beyond the two hours: waiting moves the embedded cloud's clock ahead of this machine's.
      const { rejectedLogEventsInfo: early } = await put(['early'], Date.now() + 7 * day);
      expect(early).toMatchObject({ tooNewLogEventStartIndex: 0 });
    },
  },
  {
    operation: 'PutLogEvents',
    claim: 'refuses a batch that spans more than 24 hours',
    limit: '24 hours a batch',
    source: reference('PutLogEvents'),
    async run(target) {
      const { logs, logGroupName } = await group(target);
      const now = Date.now();
      const logEvents = [
        { message: 'a', timestamp: now - day - 1000 },
        { message: 'b', timestamp: now },
      ];
      const call = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
      expect((await refusal(logs.send(call))).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'PutLogEvents',
    claim: 'takes 10,000 events and refuses one more',
    limit: '10,000 events a batch',
    source: reference('PutLogEvents'),
    async run(target) {
      const { put } = await group(target);
      await put(Array.from({ length: 10_000 }, () => 'a'));
      const over = put(Array.from({ length: 10_001 }, () => 'a'));
      expect((await refusal(over)).name).toBe('InvalidParameterException');
    },
  },
  {
    operation: 'FilterLogEvents',
    claim: 'finds terms and fields of JSON',
    source: 'CloudWatch Logs User Guide, Filter pattern syntax',
    async run(target) {
      const { logs, logGroupName, put } = await group(target);
      await put(['plain ERROR text', 'plain text', '{"level":"WARN","size":12}']);
      const found = async (filterPattern: string) => {
        const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
        return events?.map(({ message }) => message);
      };
      await target.until(async () => {
        expect(await found('ERROR')).toEqual(['plain ERROR text']);
        expect(await found('{ $.level = "WARN" && $.size > 10 }')).toEqual(['{"level":"WARN","size":12}']);
      });
    },
  },
  {
    operation: 'DescribeLogStreams',
    claim: 'does not know the streams of a group that is not there',
    source: reference('DescribeLogStreams'),
    async run(target) {
      const logs = target.client(CloudWatchLogsClient);
      const call = new DescribeLogStreamsCommand({ logGroupName: target.name() });
      expect((await refusal(logs.send(call))).name).toBe('ResourceNotFoundException');
    },
  },
  {
    operation: 'CreateLogStream',
    beside: ['DeleteLogStream'],
    claim: 'refuses a name that is taken, until the stream is deleted',
    source: reference('CreateLogStream'),
    async run(target) {
      const { logs, logGroupName } = await group(target);
      const create = () => logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      expect((await refusal(create())).name).toBe('ResourceAlreadyExistsException');
      await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
      await target.until(create);
    },
  },
  {
    operation: 'GetLogEvents',
    claim: 'gives the same token again at the end of the stream',
    source: reference('GetLogEvents'),
    async run(target) {
      const { logs, logGroupName, put } = await group(target);
      await put(['a']);
      const stream = { logGroupName, logStreamName, startFromHead: true };
      const { nextForwardToken } = await target.until(async () => {
        const page = await logs.send(new GetLogEventsCommand(stream));
        expect(page.events).toHaveLength(1);
        return page;
      });
      const end = await logs.send(new GetLogEventsCommand({ ...stream, nextToken: nextForwardToken }));
      expect(end).toMatchObject({ events: [], nextForwardToken });
    },
  },
  {
    operation: 'UntagResource',
    beside: ['ListTagsForResource'],
    claim: 'takes away the tags it names',
    source: reference('UntagResource'),
    async run(target) {
      const { logs, logGroupName } = await group(target);
      const resourceArn = `arn:aws:logs:${target.region}:${target.account}:log-group:${logGroupName}`;
      await logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'a', stage: 'b' } }));
      await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['stage'] }));
      expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ team: 'a' });
    },
  },
];
