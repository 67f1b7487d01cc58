import type { Call } from '../../service.ts';
import { limitExceeded } from './errors.ts';
import type { Stream } from './state.ts';

/** Regions whose accounts have 20,000 shards by default; elsewhere 1,000 ("Quotas and limits", Kinesis Developer Guide). */
const largeRegions = ['us-east-1', 'us-west-2', 'eu-west-1'];

export function isLargeRegion(region: string): boolean {
  return largeRegions.includes(region);
}

export function shardQuota(region: string): number {
  return isLargeRegion(region) ? 20_000 : 1_000;
}

/** Open shards of the account's provisioned streams: those count against the quota. */
export function openShardCount(streams: Iterable<Stream>): number {
  return [...streams].reduce((sum, stream) => sum + (stream.mode === 'PROVISIONED' ? stream.open.length : 0), 0);
}

/** Throws LimitExceededException when the account may not have `added` more shards. */
export function checkShardQuota(streams: Iterable<Stream>, added: number, { account, region }: Call): void {
  const current = openShardCount(streams);
  const limit = shardQuota(region);
  if (current + added <= limit) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. Current shard count for the ` +
      `account: ${current}. Limit: ${limit}. Number of additional shards that would have resulted from this request: ` +
      `${added}. Refer to the AWS Service Limits page ` +
      '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request ' +
      'higher limits.',
  );
}
