import type { Entry } from './batches.ts';
import { crypto } from './built-in.ts';

/**
 * The "KPL Aggregated Record Format" of amazon-kinesis-producer: a magic number, a Protocol Buffers message and its MD5. The
 * message has the partition key once and each record with the index of its key, which is always 0.
 */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const checksumBytes = 16;
/** Field numbers and wire types of the messages AggregatedRecord and Record: all have a length before them but the index. */
const tags = { partitionKey: 0x0a, record: 0x1a, keyIndex: 0x08, data: 0x1a };

/** Several records as the data of one Kinesis record. */
export function aggregate(texts: readonly string[], partitionKey: string): Buffer {
  const key = [tags.partitionKey, ...varint(partitionKey.length), ...Buffer.from(partitionKey)];
  const records = texts.flatMap((text) => {
    const data = Buffer.from(text);
    const head = [tags.keyIndex, 0, tags.data, ...varint(data.length)];
    return [Buffer.from([tags.record, ...varint(head.length + data.length), ...head]), data];
  });
  const message = Buffer.concat([Buffer.from(key), ...records]);
  return Buffer.concat([magic, message, crypto().createHash('md5').update(message).digest()]);
}

/** Adds the record of a new entry to another one; false, and nothing has changed, when that would have more than `mostBytes`. */
export function addRecord(entry: Entry, added: Entry, mostBytes: number): boolean {
  const own = entry.texts.length === 1 ? envelopeBytes(entry.partitionKey) + recordBytes(entry) : entry.bytes;
  const bytes = own + recordBytes(added);
  if (bytes > mostBytes) return false;
  entry.texts.push(...added.texts);
  entry.bytes = bytes;
  return true;
}

/** What Kinesis counts of an aggregated record without records: its key is in the data and beside it. */
function envelopeBytes({ length }: string): number {
  return magic.length + 1 + varint(length).length + length + checksumBytes + length;
}

/** What an entry's only record takes within an aggregated one. */
function recordBytes({ bytes, partitionKey }: Entry): number {
  const dataBytes = bytes - partitionKey.length;
  const inner = 3 + varint(dataBytes).length + dataBytes;
  return 1 + varint(inner).length + inner;
}

/** An unsigned number as Protocol Buffers write it: seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
