import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Target } from './contract.ts';

export const reference = (operation: string) => `Kinesis API Reference, ${operation}`;
export const quotas = 'Kinesis Data Streams Developer Guide, Quotas and limits';

/** A stream of one shard, ACTIVE. */
export async function active(target: Target) {
  const kinesis = target.client(KinesisClient);
  const StreamName = target.name();
  target.afterwards(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await settled(target, kinesis, StreamName);
  return { kinesis, StreamName };
}

/** Waits until the stream is ACTIVE. */
export function settled(target: Target, kinesis: KinesisClient, StreamName: string) {
  return target.until(async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary?.StreamStatus).toBe('ACTIVE');
  });
}
