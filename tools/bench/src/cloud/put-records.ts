import { CreateStreamCommand, KinesisClient, PutRecordsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import type { Measurement } from '../figure.ts';
import { median } from '../statistics.ts';
import { withCloud } from './cloud-process.ts';

/** A shard takes 1,000 records a second ("Quotas and limits", Kinesis guide): these are never the bottleneck. */
const shards = 200;
const recordsPerCall = 500;
const recordBytes = 200;
const callsAtOnce = 4;
const windows = 7;
const windowMs = 1_000;

/** What one SDK client gets through, calls of 500 records one after the other on a few lanes. */
export const putRecords: Measurement = {
  title: 'PutRecords',
  run: (say) =>
    withCloud(async ({ client }) => {
      const kinesis = new KinesisClient(client);
      const StreamName = 'bench';
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
      await waitUntilStreamExists({ client: kinesis, maxWaitTime: 30 }, { StreamName });
      const Records = Array.from({ length: recordsPerCall }, (_, i) => ({
        PartitionKey: String(i),
        // Evenly over the shards, whose hash keys are 128 bits.
        ExplicitHashKey: String((2n ** 128n / BigInt(recordsPerCall)) * BigInt(i)),
        Data: Buffer.alloc(recordBytes, 'x'),
      }));

      async function window(): Promise<number> {
        const begin = performance.now();
        let accepted = 0;
        const lane = async () => {
          while (performance.now() - begin < windowMs) {
            const { FailedRecordCount = 0 } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
            if (FailedRecordCount > 0)
              throw new Error(`${FailedRecordCount} of ${recordsPerCall} records were refused`);
            accepted += recordsPerCall;
          }
        };
        await Promise.all(Array.from({ length: callsAtOnce }, lane));
        return (accepted / (performance.now() - begin)) * 1_000;
      }

      say('warm-up');
      await window();
      const samples: number[] = [];
      for (let i = 1; i <= windows; i += 1) {
        say(`second ${i} of ${windows}`);
        samples.push(await window());
      }
      return [
        {
          name: 'cloud.put_records.records_per_s',
          value: median(samples),
          unit: 'records/s',
          goal: null,
          better: 'higher',
          measured: `${recordBytes} bytes each, ${recordsPerCall} in a call`,
        },
      ];
    }),
};
