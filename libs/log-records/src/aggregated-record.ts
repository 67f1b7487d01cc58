import { createHash } from 'node:crypto';
import { PbfReader } from 'pbf';

/** How a record begins that holds several ("KPL Aggregated Record Format", amazon-kinesis-producer). No text begins like it. */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const checksumBytes = 16;

export function isAggregated(data: Uint8Array): boolean {
  return magic.equals(data.subarray(0, magic.length));
}

/**
 * The records within an aggregated record, in their order. Throws when it was damaged or isn't what its beginning says.
 */
export function deaggregate(data: Uint8Array): Uint8Array[] {
  const message = data.subarray(magic.length, -checksumBytes);
  const checksum = createHash('md5').update(message).digest();
  if (!checksum.equals(data.subarray(-checksumBytes))) throw new Error('its MD5 checksum is another');
  return new PbfReader(message).readFields(readAggregatedRecord, []);
}

/** Numbers of the fields in the messages `AggregatedRecord` and `Record`; keys and tags are of no use to a reader of logs. */
const recordsField = 3;
const dataField = 3;

function readAggregatedRecord(field: number, records: Uint8Array[], reader: PbfReader): void {
  if (field !== recordsField) return;
  const record = reader.readMessage(readRecord, { data: new Uint8Array() });
  records.push(record.data);
}

function readRecord(field: number, record: { data: Uint8Array }, reader: PbfReader): void {
  if (field === dataField) record.data = reader.readBytes();
}
