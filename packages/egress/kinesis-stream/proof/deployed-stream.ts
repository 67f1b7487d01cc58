import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { UserEvent } from '@stackyard/egress';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

/** The deployed pattern. */
export async function deployedStream() {
  const {
    StreamName,
    FunctionName = '',
    FailureBucketName: Bucket,
  } = await stackOutputs(`${stage}-egress-kinesis-stream`);
  const kinesis = new KinesisClient({});
  const s3 = new S3Client({});

  async function put(records: readonly { readonly subject: string; readonly text: string }[]): Promise<void> {
    const Records = records.map(({ subject, text }) => ({ Data: Buffer.from(text), PartitionKey: subject }));
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${records.length} records were not put`);
  }

  return {
    FunctionName,
    put,
    /** Puts the events of several users: the first of each, then the second of each, … */
    async putLives(lives: readonly (readonly UserEvent[])[]): Promise<void> {
      for (let i = 0; lives.some((life) => i < life.length); i += 1) {
        await put(
          lives
            .flatMap((life) => life[i] ?? [])
            .map((event) => ({ subject: event.subject, text: JSON.stringify(event) })),
        );
      }
    },
    /** What Lambda gave up: the records of each batch, as text. */
    async givenUp(): Promise<string[][]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      const batches = Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const { payload } = JSON.parse((await Body?.transformToString()) ?? '') as { payload: string };
        const { Records } = JSON.parse(payload) as { Records: { kinesis: { data: string } }[] };
        return Records.map(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString());
      });
      return Promise.all(batches);
    },
  };
}
