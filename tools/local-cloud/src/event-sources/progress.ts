import type { Checkpoint } from './mapping.ts';

/** What of a shard has been read and is not done yet, in order; the checkpoint follows the oldest of it. */
export interface Progress {
  readonly outstanding: number;
  started(sequenceNumber: string): void;
  done(sequenceNumber: string): void;
}

/** With several lanes records are done out of order: reading resumes before the first that is not, at least once. */
export function createProgress(shardId: string, checkpoints: Map<string, Checkpoint>, changed: () => void): Progress {
  const open: string[] = [];
  const finished = new Set<string>();
  return {
    get outstanding() {
      return open.length;
    },
    started(sequenceNumber) {
      open.push(sequenceNumber);
    },
    done(sequenceNumber) {
      finished.add(sequenceNumber);
      let after: string | undefined;
      while (open[0] !== undefined && finished.delete(open[0])) after = open.shift();
      const checkpoint = checkpoints.get(shardId);
      if (checkpoint && after !== undefined) checkpoints.set(shardId, { ...checkpoint, after });
      changed();
    },
  };
}
