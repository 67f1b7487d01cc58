import { type KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { StreamRecords } from './failure-bucket.ts';

interface KinesisRecord {
  readonly kinesis: { readonly data: string; readonly partitionKey: string };
}

/** Puts records into their stream again, one after the other, since only that keeps their order. */
export function putAgain(kinesis: KinesisClient, StreamARN: string) {
  return async ({ Records }: StreamRecords): Promise<void> => {
    for (const { kinesis: record } of Records as readonly KinesisRecord[]) {
      const Data = Buffer.from(record.data, 'base64');
      await kinesis.send(new PutRecordCommand({ StreamARN, Data, PartitionKey: record.partitionKey }));
    }
  };
}

/** The function was called and did not carry out the batch: others may still pass. */
export class FailedAgain extends Error {
  override readonly name = 'FailedAgain';
}

/** Calls the function as its event source would: nobody but DynamoDB can put anything into a table's stream. */
export function invokeAgain(lambda: LambdaClient, FunctionName: string) {
  return async (batch: StreamRecords): Promise<void> => {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(batch) }),
    );
    const answer = Payload?.transformToString() ?? '';
    if (FunctionError) throw new FailedAgain(`${FunctionName} failed again: ${answer}`);
    const { batchItemFailures = [] } = (JSON.parse(answer || 'null') ?? {}) as { batchItemFailures?: object[] };
    if (batchItemFailures.length > 0) {
      throw new FailedAgain(`${FunctionName} could not carry out all of it again: ${answer}`);
    }
  };
}
