import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { FailedAgain } from './again.ts';
import type { Redrivable } from './redrivable.ts';

/** "Example Amazon S3 invocation record", Retain discarded batch records, AWS Lambda Developer Guide. */
interface InvocationRecord {
  readonly payload: string;
  readonly KinesisBatchInfo?: { readonly startSequenceNumber: string };
  readonly DDBStreamBatchInfo?: { readonly startSequenceNumber: string };
}

export interface StreamRecords {
  readonly Records: readonly object[];
}

export interface FailureBucketOptions {
  readonly bucket: string;
  /** Id of the event source mapping that wrote there: its objects are below `aws/lambda/{mapping}/`. */
  readonly mapping: string;
  readonly to: string;
  /** Gives a batch another try. Throws {@link FailedAgain} when only this batch fails, anything else when none can pass. */
  readonly again: (batch: StreamRecords) => Promise<void>;
}

/**
 * Batches that a stream's mapping gave up. Each object goes when its batch has gone back, so that a redrive can be repeated; one that
 * fails again stays, and those behind it pass: in the stream they had passed it, too.
 */
export function failureBucket(s3: S3Client, { bucket, mapping, to, again }: FailureBucketOptions): Redrivable {
  async function batches() {
    const found: { key: string; batch: StreamRecords; first: bigint }[] = [];
    const list = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: `aws/lambda/${mapping}/` });
    for await (const { Contents = [] } of list) {
      for (const { Key: key = '' } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const record = JSON.parse((await Body?.transformToString()) ?? '') as InvocationRecord;
        const info = record.KinesisBatchInfo ?? record.DDBStreamBatchInfo;
        found.push({ key, batch: JSON.parse(record.payload), first: BigInt(info?.startSequenceNumber ?? 0) });
      }
    }
    // As they were in the stream: sequence numbers are numbers too long for a double.
    return found.sort((a, b) => (a.first < b.first ? -1 : 1));
  }
  return {
    from: bucket,
    to,
    async waiting() {
      return (await batches()).reduce((sum, { batch }) => sum + batch.Records.length, 0);
    },
    async redrive(onProgress) {
      let done = 0;
      const failures: FailedAgain[] = [];
      for (const { key, batch } of await batches()) {
        try {
          await again(batch);
        } catch (error) {
          if (!(error instanceof FailedAgain)) throw error;
          failures.push(error);
          continue;
        }
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
        done += batch.Records.length;
        onProgress(done);
      }
      const [first] = failures;
      if (first) throw new Error(`${failures.length} failed again and stay. The first one: ${first.message}`);
      return done;
    },
  };
}
