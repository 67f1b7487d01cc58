import { hash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { filterOf } from './filter.ts';
import { createLane, type Lane } from './lane.ts';
import type { Checkpoint, EventSourceMapping } from './mapping.ts';
import { createProgress } from './progress.ts';
import { createBell, heardUntil, type Run } from './run.ts';
import type { Position, SourceRecord } from './source.ts';

/** Between a refusal and the next try. */
const retryMs = 1000;
/** GetRecords gives at most 10,000 records. */
const mostRead = 10_000;
/** Reading pauses while this much waits for the function. */
const mostWaitingBytes = 12_000_000;

/** Reads one shard to its end and hands its records to the lanes; resolves when all of them are done. */
export async function readShard(run: Run, shardId: string): Promise<void> {
  const { cloud, mapping, source, signal } = run;
  const { settings, checkpoints } = mapping;
  const bell = createBell();
  const progress = createProgress(shardId, checkpoints, () => bell.ring());
  const passes = filterOf(settings.filters);
  // A tumbling window's state goes from batch to batch of a shard, one after the other.
  const width = settings.tumblingWindowSeconds > 0 ? 1 : settings.parallelizationFactor;
  const lanes = Array.from({ length: width }, () => createLane(run, shardId, progress));
  const room = settings.batchSize * width * 2;

  /** Answers the next iterator; none at the end of a closed shard. */
  async function readOnce(iterator: string): Promise<string | undefined> {
    const time = cloud.clock.now();
    const { records, next, hasMore } = await source.read(shardId, iterator, Math.min(room, mostRead));
    checkpoints.set(shardId, { began: time, ...(checkpoints.get(shardId) as Checkpoint) });
    for (const record of records) {
      progress.started(record.sequenceNumber);
      if (passes(record)) laneOf(record, lanes).add(record);
      else progress.done(record.sequenceNumber);
    }
    if (!hasMore) for (const lane of lanes) lane.caughtUp(time);
    if (next !== undefined) await cloud.clock.sleep(hasMore ? source.catchUpMs : source.pollMs, signal);
    return next;
  }

  async function read(): Promise<void> {
    let iterator: string | undefined;
    for (;;) {
      const isFull = () => progress.outstanding >= room || waiting(lanes) >= mostWaitingBytes;
      while (isFull()) await heardUntil(bell, run, undefined);
      try {
        iterator ??= await source.iterator(shardId, positionOf(checkpoints.get(shardId), mapping));
        iterator = await readOnce(iterator);
        if (iterator === undefined) return;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof AwsError && passing.includes(error.code))) throw error;
        if (error.code === 'ExpiredIteratorException') {
          // A new iterator begins at the checkpoint and would repeat what the lanes hold: they are emptied first.
          while (progress.outstanding > 0) await heardUntil(bell, run, undefined);
          iterator = undefined;
        }
        await cloud.clock.sleep(retryMs, signal);
      }
    }
  }

  const closeLanes = () => {
    for (const lane of lanes) lane.close();
  };
  await Promise.all([read().then(closeLanes), ...lanes.map((lane) => lane.work())]);
  checkpoints.set(shardId, { ...(checkpoints.get(shardId) as Checkpoint), ended: true });
}

/** Errors of GetRecords, GetShardIterator and SubscribeToShard that another try gets past. */
const passing = [
  'ExpiredIteratorException',
  'InternalFailure',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ResourceInUseException',
];

function positionOf(checkpoint: Checkpoint | undefined, mapping: EventSourceMapping): Position {
  if (checkpoint?.after !== undefined) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: checkpoint.after };
  const type = checkpoint?.start ?? 'TRIM_HORIZON';
  if (type === 'AT_TIMESTAMP') return { type, time: mapping.startingTimestamp ?? 0 };
  // LATEST means what comes after the mapping began to read, however often it begins again.
  if (type === 'LATEST' && checkpoint?.began !== undefined) return { type: 'AT_TIMESTAMP', time: checkpoint.began };
  return { type };
}

/** Records of one partition key share a lane, which keeps their order. */
function laneOf(record: SourceRecord, lanes: readonly Lane[]): Lane {
  const number = lanes.length === 1 ? 0 : Number.parseInt(hash('md5', record.partitionKey).slice(0, 8), 16);
  return lanes[number % lanes.length] as Lane;
}

const waiting = (lanes: readonly Lane[]) => lanes.reduce((sum, lane) => sum + lane.waitingBytes, 0);
