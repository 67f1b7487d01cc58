import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetTableCommand, GlueClient, type Table } from '@aws-sdk/client-glue';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import type { LogRecord } from '@stackyard/log-records';
import { ssmParameter, stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** The deployed pattern, and the log stream it reads. */
export async function deployedArchive() {
  const { BucketName: Bucket = '', TableName = '' } = await stackOutputs(`${stage}-log-archive`);
  const StreamName = await ssmParameter(parameterName(observabilityCore, stage, 'streamName'));
  const s3 = new S3Client({});
  const kinesis = new KinesisClient({});

  async function keys(): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'records/' }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async function records(): Promise<LogRecord[]> {
    const objects = (await keys()).map(async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const lines = gunzipSync((await Body?.transformToByteArray()) ?? '').toString();
      return lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as LogRecord);
    });
    return (await Promise.all(objects)).flat();
  }

  return {
    /** Puts records into the log stream. */
    async put(data: readonly Uint8Array[]): Promise<void> {
      const Records = data.map((Data) => ({ Data, PartitionKey: randomUUID() }));
      const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${data.length} records were not put`);
    },
    bucket: Bucket,
    /** The table of the data catalog. */
    async table(): Promise<Table> {
      const [DatabaseName, Name] = TableName.split('.');
      const { Table } = await new GlueClient({}).send(new GetTableCommand({ DatabaseName, Name }));
      if (!Table) throw new Error(`Glue answers nothing for ${TableName}`);
      return Table;
    },
    /** Keys of all objects in the archive. */
    keys,
    /** The messages of all records in the archive. */
    async messages(): Promise<string[]> {
      return (await records()).map(({ message }) => String(message));
    },
    records,
  };
}

const environment = randomUUID();
let sequence = 0;

/** A record as the extension ships it. */
export function shipped(message: string): Buffer {
  const time = new Date().toISOString();
  const record: LogRecord = {
    v: 1,
    time,
    level: 'INFO',
    message,
    source: 'function',
    environment,
    sequence: sequence++,
  };
  return Buffer.from(JSON.stringify(record));
}

export const identities = (count: number) => Array.from({ length: count }, (): string => randomUUID());
