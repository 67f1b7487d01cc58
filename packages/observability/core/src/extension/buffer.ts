import { addRecord } from './aggregate.ts';
import { type BatchLimits, type Entry, endOfBatch } from './batches.ts';

/** Records waiting to be shipped, in the order of their sequence numbers. */
export interface RecordBuffer {
  /** Appends, into the youngest entry where that has room; drops the oldest waiting records when there are more bytes than fit. */
  push(entry: Entry): void;
  /** Takes up to `most` batches from the front. They count as held until `settle` says what became of them. */
  take(most: number, limits: BatchLimits): Entry[][];
  /** Ends what `take` began: `refused` are to be shipped again, before everything younger. */
  settle(taken: readonly Entry[], refused: readonly Entry[]): void;
  /** Drops what waits, and from now on what is refused: there is no time to ship it again. */
  giveUp(): void;
  /** Counts as dropped what never became a record: a value that cannot be written as JSON. */
  countUnwritable(): void;
  /** Entries waiting, without those taken. */
  readonly length: number;
  /** Records waiting and those taken. */
  readonly held: number;
  /** Bytes of those waiting. */
  readonly waitingBytes: number;
  /** Everything ever dropped. */
  readonly dropped: Drops;
}

/** Totals of what was dropped. */
export interface Drops {
  readonly records: number;
  /** Of the records; what never became one has no size. */
  readonly bytes: number;
  /** The same records by why they were dropped. */
  readonly reasons: {
    /** Older than others for which there was no room. */
    readonly bufferFull: number;
    /** Not taken by Kinesis before the environment ended. */
    readonly ended: number;
    readonly unwritable: number;
  };
}

/**
 * A buffer that holds at most `mostBytes`, those under way included, and aggregates records into entries of at most
 * `aggregateBytes`; 0 to keep them apart.
 */
export function createRecordBuffer(mostBytes: number, aggregateBytes: number): RecordBuffer {
  let queue: Entry[] = [];
  // Entries before it are gone; the array is cut now and then, not at each of them.
  let head = 0;
  let waitingBytes = 0;
  let takenBytes = 0;
  let takenRecords = 0;
  // What was taken once doesn't change any more: should it be in the stream already, its copy has to go to the same shard.
  let youngestIsOpen = false;
  let gaveUp = false;
  const dropped = { records: 0, bytes: 0, reasons: { bufferFull: 0, ended: 0, unwritable: 0 } };

  function advance(end: number): void {
    head = end;
    if (head === queue.length) youngestIsOpen = false;
    if (head * 2 < queue.length) return;
    queue = queue.slice(head);
    head = 0;
  }

  function trim(): void {
    let end = head;
    while (waitingBytes + takenBytes > mostBytes && end < queue.length) {
      const entry = queue[end] as Entry;
      waitingBytes -= entry.bytes;
      countDropped(entry, 'bufferFull');
      end += 1;
    }
    if (end > head) advance(end);
  }

  function countDropped({ texts, bytes }: Entry, reason: 'bufferFull' | 'ended'): void {
    dropped.records += texts.length;
    dropped.bytes += bytes;
    dropped.reasons[reason] += texts.length;
  }

  return {
    push(entry) {
      const youngest = youngestIsOpen ? queue.at(-1) : undefined;
      const before = youngest?.bytes ?? 0;
      if (youngest && addRecord(youngest, entry, aggregateBytes)) {
        waitingBytes += youngest.bytes - before;
      } else {
        queue.push(entry);
        waitingBytes += entry.bytes;
        youngestIsOpen = aggregateBytes > 0;
      }
      trim();
    },
    take(most, limits) {
      const batches: Entry[][] = [];
      while (batches.length < most && head < queue.length) {
        const end = endOfBatch(queue, head, limits);
        const batch = queue.slice(head, end);
        const bytes = sizeOf(batch);
        waitingBytes -= bytes;
        takenBytes += bytes;
        takenRecords += recordsIn(batch);
        batches.push(batch);
        advance(end);
      }
      return batches;
    },
    settle(taken, refused) {
      takenBytes -= sizeOf(taken);
      takenRecords -= recordsIn(taken);
      if (refused.length === 0) return;
      if (gaveUp) {
        for (const entry of refused) countDropped(entry, 'ended');
        return;
      }
      // Refused records are older than all that wait: records are taken from the front only.
      queue = [...refused, ...queue.slice(head)];
      head = 0;
      waitingBytes += sizeOf(refused);
      trim();
    },
    giveUp() {
      gaveUp = true;
      for (const entry of queue.slice(head)) countDropped(entry, 'ended');
      waitingBytes = 0;
      advance(queue.length);
    },
    countUnwritable() {
      dropped.records += 1;
      dropped.reasons.unwritable += 1;
    },
    get length() {
      return queue.length - head;
    },
    get held() {
      return recordsIn(queue.slice(head)) + takenRecords;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    dropped,
  };
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function recordsIn(entries: readonly Entry[]): number {
  return entries.reduce((sum, { texts }) => sum + texts.length, 0);
}
