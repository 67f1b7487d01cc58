import {
  ListShardsCommand,
  MergeShardsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { type Claim, refusal } from './contract.ts';
import { active, reference, settled } from './kinesis-support.ts';

/** Claims about splitting, merging and counting shards. */
export const shardClaims: readonly Claim[] = [
  {
    operation: 'SplitShard',
    claim: 'closes the shard and opens two that name it as their parent',
    source: reference('SplitShard'),
    async run(target) {
      const { kinesis, StreamName } = await active(target);
      const half = String(2n ** 127n);
      await kinesis.send(
        new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }),
      );
      await settled(target, kinesis, StreamName);
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      expect(Shards.map(({ ParentShardId }) => ParentShardId)).toEqual([
        undefined,
        'shardId-000000000000',
        'shardId-000000000000',
      ]);
      expect(Shards[0]?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
    },
  },
  {
    operation: 'MergeShards',
    claim: 'refuses a shard with itself',
    source: reference('MergeShards'),
    async run(target) {
      const { kinesis, StreamName } = await active(target);
      const only = 'shardId-000000000000';
      const call = new MergeShardsCommand({ StreamName, ShardToMerge: only, AdjacentShardToMerge: only });
      expect((await refusal(kinesis.send(call))).name).toBe('InvalidArgumentException');
    },
  },
  {
    operation: 'UpdateShardCount',
    claim: 'refuses more than twice the shards at once',
    limit: 'at most double the shards',
    source: reference('UpdateShardCount'),
    async run(target) {
      const { kinesis, StreamName } = await active(target);
      const scale = (TargetShardCount: number) =>
        kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));
      expect((await refusal(scale(3))).name).toMatch(/InvalidArgumentException|LimitExceededException/);
      expect(await scale(2)).toMatchObject({ CurrentShardCount: 1, TargetShardCount: 2 });
      await settled(target, kinesis, StreamName);
    },
  },
];
