import type {
  DecreaseStreamRetentionPeriodCommandInput,
  DecreaseStreamRetentionPeriodCommandOutput,
  IncreaseStreamRetentionPeriodCommandInput,
  IncreaseStreamRetentionPeriodCommandOutput,
} from '@aws-sdk/client-kinesis';
import { operation } from '../../service.ts';
import { onStream } from './demands.ts';
import { invalidArgument } from './errors.ts';
import { trim } from './shard.ts';
import { requireActive, type Stream, streamOf, trimHorizon } from './state.ts';

/** 24 hours to 365 days (IncreaseStreamRetentionPeriod, Kinesis API Reference). */
const shortestHours = 24;
const longestHours = 8760;

export const increaseStreamRetentionPeriod = operation<
  IncreaseStreamRetentionPeriodCommandInput,
  IncreaseStreamRetentionPeriodCommandOutput
>({
  demands: onStream('IncreaseStreamRetentionPeriod'),
  run(input, call) {
    const stream = streamOf(input, call);
    const hours = input.RetentionPeriodHours as number;
    checkHours(hours);
    if (hours < stream.retentionHours) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${stream.name} can not be shorter than existing ` +
          `retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      );
    }
    requireActive(stream);
    setRetention(stream, hours, call.cloud.clock.now());
    return {};
  },
});

export const decreaseStreamRetentionPeriod = operation<
  DecreaseStreamRetentionPeriodCommandInput,
  DecreaseStreamRetentionPeriodCommandOutput
>({
  demands: onStream('DecreaseStreamRetentionPeriod'),
  run(input, call) {
    const stream = streamOf(input, call);
    const hours = input.RetentionPeriodHours as number;
    checkHours(hours);
    if (hours > stream.retentionHours) {
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${stream.name} can not be longer than existing ` +
          `retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      );
    }
    requireActive(stream);
    setRetention(stream, hours, call.cloud.clock.now());
    return {};
  },
});

function checkHours(hours: number): void {
  const requested = `Requested retention period (${hours} hours)`;
  if (hours < shortestHours) {
    throw invalidArgument(`Minimum allowed retention period is ${shortestHours} hours. ${requested} is too short.`);
  }
  if (hours > longestHours) {
    throw invalidArgument(`Maximum allowed retention period is ${longestHours} hours. ${requested} is too long.`);
  }
}

/** A longer period does not bring back what had expired: that goes first. */
function setRetention(stream: Stream, hours: number, now: number): void {
  for (const shard of stream.shards) trim(shard, trimHorizon(stream, now));
  stream.retentionHours = hours;
}
