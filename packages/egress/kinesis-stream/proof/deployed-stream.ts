import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { DeployedPattern } from '@stackyard/egress/proof';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';

export async function deployed(): Promise<DeployedPattern> {
  const outputs = await stackOutputs(`${stage}-egress-kinesis-stream`);
  const { StreamName, FunctionName = '', FailureBucketName: Bucket } = outputs;
  const kinesis = new KinesisClient({});
  const s3 = new S3Client({});
  return {
    functionName: FunctionName,
    async send(messages) {
      const Records = messages.map(({ subject, text }) => ({ Data: Buffer.from(text), PartitionKey: subject }));
      const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${messages.length} records were not put`);
    },
    async givenUp() {
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
