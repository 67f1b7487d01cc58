import type {
  DisableEnhancedMonitoringCommandInput,
  DisableEnhancedMonitoringCommandOutput,
  EnableEnhancedMonitoringCommandInput,
  EnableEnhancedMonitoringCommandOutput,
  MetricsName,
} from '@aws-sdk/client-kinesis';
import { oneOf, sizeBetween } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { validate } from './errors.ts';
import { begin, requireActive, streamOf } from './state.ts';

const metrics: readonly MetricsName[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

export const enableEnhancedMonitoring = operation<
  EnableEnhancedMonitoringCommandInput,
  EnableEnhancedMonitoringCommandOutput
>({
  demands: onStream('EnableEnhancedMonitoring'),
  run: (input, call) =>
    update(input, call, (current, named) => metrics.filter((one) => current.includes(one) || named.includes(one))),
});

export const disableEnhancedMonitoring = operation<
  DisableEnhancedMonitoringCommandInput,
  DisableEnhancedMonitoringCommandOutput
>({
  demands: onStream('DisableEnhancedMonitoring'),
  run: (input, call) => update(input, call, (current, named) => current.filter((one) => !named.includes(one))),
});

function update(
  input: EnableEnhancedMonitoringCommandInput,
  call: Call,
  change: (current: readonly MetricsName[], named: readonly MetricsName[]) => MetricsName[],
) {
  const given = input.ShardLevelMetrics ?? [];
  validate(
    sizeBetween('shardLevelMetrics', given.length, 1, 7),
    ...given.map((name, i) => oneOf(`shardLevelMetrics.${i + 1}.member`, name, [...metrics, 'ALL'])),
  );
  const stream = streamOf(input, call);
  requireActive(stream);
  const before = stream.shardLevelMetrics;
  stream.shardLevelMetrics = change(before, given.includes('ALL') ? metrics : given);
  begin(stream, 'UPDATING', call);
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardLevelMetrics: before,
    DesiredShardLevelMetrics: stream.shardLevelMetrics,
  };
}
