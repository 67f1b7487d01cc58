import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { stackOutputs } from '@stackyard/proof-kit';

const stage = process.env['STACKYARD_STAGE'] ?? 'dev';
const sk = 't0000';

/** A change as the partner is told it. */
export interface ToldChange {
  readonly subject: string;
  readonly type: string;
  readonly after?: { readonly age: number; readonly status: string };
}

export const subjectOf = (pk: string) => `${pk}#${sk}`;

/** The deployed pattern. */
export async function deployedTable() {
  const outputs = await stackOutputs(`${stage}-egress-dynamodb-stream`);
  const { TableName, FunctionName = '', FailureBucketName: Bucket } = outputs;
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const s3 = new S3Client({});
  return {
    functionName: FunctionName,
    async put(pk: string, age: number | string): Promise<void> {
      const Item = {
        pk,
        sk,
        nickname: `nickname ${age}`,
        age,
        prefered_channels: 'EMAIL',
        status: age === 0 ? 'ACTIVE' : 'MODIFIED',
      };
      await table.send(new PutCommand({ TableName, Item }));
    },
    async remove(pk: string): Promise<void> {
      await table.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    },
    /** Keys of what Lambda gave up: `pk` of the records that were given up together. */
    async givenUp(): Promise<string[][]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      const batches = Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const { payload } = JSON.parse((await Body?.transformToString()) ?? '') as { payload: string };
        const { Records } = JSON.parse(payload) as { Records: { dynamodb: { Keys: { pk: { S: string } } } }[] };
        return Records.map(({ dynamodb }) => dynamodb.Keys.pk.S);
      });
      return Promise.all(batches);
    },
  };
}
