import type {
  DescribeStreamCommandInput,
  DescribeStreamCommandOutput,
  ListStreamsCommandInput,
  ListStreamsCommandOutput,
} from '@aws-sdk/client-dynamodb-streams';
import { between } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { validate } from '../errors.ts';
import { tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { type Shard, sequenceNumber, streamsOf } from './stream.ts';
import { onStream, streamOf } from './stream-reference.ts';

/** DescribeStream and ListStreams, DynamoDB Streams API Reference: at most 100 a page. */
const mostListed = 100;

export const listStreams = operation<ListStreamsCommandInput, ListStreamsCommandOutput>({
  run(input, call) {
    validate(between('limit', input.Limit, 1, mostListed));
    const location = input.TableName === undefined ? undefined : locate(input.TableName, call);
    const { account, region } = location ?? call;
    const all = [...streamsOf(call.cloud, account, region).values()]
      .filter(({ tableName }) => location === undefined || tableName === location.name)
      .sort((one, other) => (one.arn < other.arn ? -1 : 1));
    const rest = all.filter(({ arn }) => arn > (input.ExclusiveStartStreamArn ?? ''));
    const page = rest.slice(0, input.Limit ?? mostListed);
    return {
      Streams: page.map(({ arn, tableName, label }) => ({ StreamArn: arn, TableName: tableName, StreamLabel: label })),
      LastEvaluatedStreamArn: page.length < rest.length ? page.at(-1)?.arn : undefined,
    };
  },
});

export const describeStream = operation<DescribeStreamCommandInput, DescribeStreamCommandOutput>({
  demands: (input) => onStream('DescribeStream', input.StreamArn),
  run(input, call) {
    validate(between('limit', input.Limit, 1, mostListed));
    if (input.ShardFilter !== undefined && input.ShardFilter.Type !== 'CHILD_SHARDS') {
      throw validationError('ShardFilter has the one type CHILD_SHARDS');
    }
    const stream = streamOf(input.StreamArn, call);
    const parent = input.ShardFilter?.ShardId;
    const listed = stream.shards.filter(({ parentId }) => parent === undefined || parentId === parent);
    const start = input.ExclusiveStartShardId;
    const rest = start === undefined ? listed : listed.slice(listed.findIndex(({ id }) => id === start) + 1);
    const page = rest.slice(0, input.Limit ?? mostListed);
    const table = tablesOf(call.cloud, stream.account, stream.region).get(stream.tableName);
    const isStarting = table?.stream?.label === stream.label && table.status === 'CREATING';
    return {
      StreamDescription: {
        StreamArn: stream.arn,
        StreamLabel: stream.label,
        StreamStatus: stream.disabledAt !== undefined ? 'DISABLED' : isStarting ? 'ENABLING' : 'ENABLED',
        StreamViewType: stream.viewType,
        CreationRequestDateTime: new Date(stream.createdAt),
        TableName: stream.tableName,
        KeySchema: [...stream.keySchema],
        Shards: page.map(describeShard),
        LastEvaluatedShardId: page.length < rest.length ? page.at(-1)?.id : undefined,
      },
    };
  },
});

/** A parent that is no longer listed is still named: readers know by that that it is done. */
function describeShard({ id, parentId, first, last }: Shard) {
  return {
    ShardId: id,
    ParentShardId: parentId,
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(first),
      EndingSequenceNumber: last === undefined ? undefined : sequenceNumber(Math.max(first, last)),
    },
  };
}
