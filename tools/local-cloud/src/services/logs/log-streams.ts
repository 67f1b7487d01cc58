import type {
  CreateLogStreamCommandInput,
  CreateLogStreamCommandOutput,
  DeleteLogStreamCommandInput,
  DeleteLogStreamCommandOutput,
  DescribeLogStreamsCommandInput,
  DescribeLogStreamsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { between, oneOf } from '../../constraints.ts';
import { operation } from '../../service.ts';
import { alreadyExists, invalidParameter, validate } from './errors.ts';
import { checkStreamName, groupArn, onGroup, onLogStream } from './log-group-reference.ts';
import { pageOf } from './page.ts';
import { groupOf, type LogStream, streamOf } from './state.ts';

/** DescribeLogStreams, CloudWatch Logs API Reference: at most, and by default, 50 a page. */
const largestPage = 50;

export const createLogStream = operation<CreateLogStreamCommandInput, CreateLogStreamCommandOutput>({
  demands: onLogStream('CreateLogStream'),
  run(input, call) {
    validate(...checkStreamName('logStreamName', input.logStreamName));
    const { streams } = groupOf(input, call);
    const name = input.logStreamName as string;
    if (streams.has(name)) throw alreadyExists('stream');
    streams.set(name, { name, createdAt: call.cloud.clock.now(), events: [] });
    return {};
  },
});

export const deleteLogStream = operation<DeleteLogStreamCommandInput, DeleteLogStreamCommandOutput>({
  demands: onLogStream('DeleteLogStream'),
  run(input, call) {
    validate(...checkStreamName('logStreamName', input.logStreamName));
    const group = groupOf(input, call);
    group.streams.delete(streamOf(group, input.logStreamName).name);
    return {};
  },
});

export const describeLogStreams = operation<DescribeLogStreamsCommandInput, DescribeLogStreamsCommandOutput>({
  demands: onGroup('DescribeLogStreams'),
  run(input, call) {
    validate(
      between('limit', input.limit, 1, largestPage),
      ...checkStreamName('logStreamNamePrefix', input.logStreamNamePrefix),
      oneOf('orderBy', input.orderBy, ['LogStreamName', 'LastEventTime']),
    );
    if (input.orderBy === 'LastEventTime' && input.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const group = groupOf(input, call);
    const found = [...group.streams.values()]
      .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (input.orderBy === 'LastEventTime') found.sort((a, b) => lastEventTime(a) - lastEventTime(b));
    if (input.descending) found.reverse();
    const { page, nextToken } = pageOf(found, (stream) => stream.name, input.nextToken, input.limit ?? largestPage);
    return {
      logStreams: page.map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.createdAt,
        firstEventTimestamp: stream.events[0]?.timestamp,
        lastEventTimestamp: stream.events.at(-1)?.timestamp,
        lastIngestionTime: stream.lastIngestionTime,
        arn: `${groupArn(group.name, call)}:log-stream:${stream.name}`,
        storedBytes: 0,
      })),
      nextToken,
    };
  },
});

function lastEventTime(stream: LogStream): number {
  return stream.events.at(-1)?.timestamp ?? 0;
}
