import { createBell, heardUntil, type Run } from './run.ts';
import { readShard } from './shard-reader.ts';
import type { SourceShard } from './source.ts';

/** How often a stream is looked at for shards that are new or no longer there. */
const discoveryMs = 60_000;

/** Reads every shard of a stream, children after their parents, until the run ends: then, or at an error, it rejects. */
export async function pollStream(run: Run): Promise<void> {
  const { cloud, mapping, source } = run;
  const { checkpoints, startingPosition = 'TRIM_HORIZON' } = mapping;
  const reading = new Set<string>();
  const bell = createBell();
  let failure: unknown;
  function begin(shard: SourceShard): void {
    reading.add(shard.id);
    readShard(run, shard.id)
      .catch((error) => {
        failure ??= error;
      })
      .finally(() => {
        reading.delete(shard.id);
        bell.ring();
      });
  }

  for (;;) {
    const { shards, retentionMs } = await source.shards();
    run.retentionMs = retentionMs;
    const listed = new Set(shards.map(({ id }) => id));
    for (const id of [...checkpoints.keys()]) if (!listed.has(id)) checkpoints.delete(id);
    // A shard that was not there at the first look is read from its start: all of it came later.
    const start = checkpoints.size === 0 || startingPosition === 'AT_TIMESTAMP' ? startingPosition : 'TRIM_HORIZON';
    for (const id of listed) if (!checkpoints.has(id)) checkpoints.set(id, { start });
    const unfinished = new Set(shards.filter(({ id }) => !checkpoints.get(id)?.ended).map(({ id }) => id));
    for (const shard of shards) {
      const isReady = unfinished.has(shard.id) && !reading.has(shard.id);
      if (isReady && !shard.parents.some((parent) => unfinished.has(parent))) begin(shard);
    }
    await heardUntil(bell, run, cloud.clock.now() + discoveryMs);
    if (failure) throw failure;
  }
}
