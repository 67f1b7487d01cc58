import {
  CreateStreamCommand,
  type CreateStreamCommandInput,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  ProvisionedThroughputExceededException,
  type _Record as StreamRecord,
} from '@aws-sdk/client-kinesis';
import type { Clock } from '../src/clock.ts';

let streams = 0;

/** Long enough for CREATING, UPDATING and DELETING to pass and for every rate limit to recover. */
export const aWhile = 10_000;

/** A stream of its own for one test, already ACTIVE. Answers its name. */
export async function activeStream(
  kinesis: KinesisClient,
  clock: Clock,
  input: Partial<CreateStreamCommandInput> = { ShardCount: 1 },
): Promise<string> {
  const StreamName = input.StreamName ?? `stream-${++streams}`;
  await kinesis.send(new CreateStreamCommand({ ...input, StreamName }));
  await clock.advance(aWhile);
  return StreamName;
}

/** The error a call is answered with. */
export async function errorOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
  throw new Error('The call succeeded.');
}

/** Repeats a call that is throttled, with the clock moved on. */
export async function untilAllowed<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProvisionedThroughputExceededException)) throw error;
      await clock.advance(1000);
    }
  }
}

export async function iteratorOf(
  kinesis: KinesisClient,
  stream: string,
  options: Partial<ConstructorParameters<typeof GetShardIteratorCommand>[0]> = {},
): Promise<string> {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: stream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
      ...options,
    }),
  );
  return ShardIterator as string;
}

/** Everything in a stream from its horizon to its tip, parent shards before their children. */
export async function readAll(kinesis: KinesisClient, clock: Clock, stream: string): Promise<StreamRecord[]> {
  const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName: stream }));
  const records: StreamRecord[] = [];
  for (const { ShardId } of Shards ?? []) {
    let ShardIterator: string | undefined = await untilAllowed(clock, () => iteratorOf(kinesis, stream, { ShardId }));
    while (ShardIterator) {
      const iterator: string = ShardIterator;
      const read = await untilAllowed(clock, () => kinesis.send(new GetRecordsCommand({ ShardIterator: iterator })));
      records.push(...(read.Records ?? []));
      if (!read.Records?.length && read.MillisBehindLatest === 0) break;
      ShardIterator = read.NextShardIterator;
    }
  }
  return records;
}

export function text(records: readonly StreamRecord[] | undefined): string[] {
  return (records ?? []).map(({ Data }) => Buffer.from(Data as Uint8Array).toString());
}
