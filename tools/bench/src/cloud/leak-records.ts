import { CreateStreamCommand, KinesisClient, PutRecordsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import type { Measurement } from '../figure.ts';
import type { CloudProcess } from './cloud-process.ts';
import { growth, usageOf, withWatchedCloud } from './watched-cloud.ts';

const records = 1_000_000;
const recordsPerCall = 500;
const days = 10;
/** A shard takes 1,000 records a second ("Quotas and limits", Kinesis guide): these are never the bottleneck. */
const shards = 200;
const StreamName = 'bench';
/** A stream keeps records for 24 hours: after this the ones before are gone. */
const aDay = 25 * 3_600_000;

/** What the cloud holds after many records have come and expired, less what it held after the first of these days. */
export const leakRecords: Measurement = {
  title: `${records.toLocaleString('en-US')} records`,
  run: (say) =>
    withWatchedCloud(async (cloud) => {
      const kinesis = new KinesisClient(cloud.client);
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
      await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30 }, { StreamName });
      await aDayOfRecords(cloud, kinesis);
      const before = await usageOf(cloud, 1);
      for (let day = 1; day <= days; day += 1) {
        say(`day ${day} of ${days}`);
        await aDayOfRecords(cloud, kinesis);
      }
      const after = await usageOf(cloud, 2);
      kinesis.destroy();
      return growth('leak.records', before, after);
    }),
};

async function aDayOfRecords(cloud: CloudProcess, kinesis: KinesisClient): Promise<void> {
  const Records = Array.from({ length: recordsPerCall }, (_, i) => ({
    PartitionKey: String(i),
    ExplicitHashKey: String((2n ** 128n / BigInt(recordsPerCall)) * BigInt(i)),
    Data: Buffer.alloc(200, 'x'),
  }));
  for (let put = 0; put < records / days; put += recordsPerCall) {
    const { FailedRecordCount = 0 } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    if (FailedRecordCount > 0) throw new Error(`${FailedRecordCount} of ${recordsPerCall} records were refused`);
  }
  await fetch(`${cloud.endpoint}/_stackyard/clock`, {
    method: 'POST',
    headers: { 'x-stackyard': 'control' },
    body: JSON.stringify({ advanceMs: aDay }),
  });
}
