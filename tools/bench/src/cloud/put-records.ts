import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { eventually } from '@stackyard/proof-kit';
import type { Measurement } from '../figure.ts';
import { readable } from '../figure.ts';
import { installedPeers } from '../peers.ts';
import { freePorts } from '../ports.ts';
import { type StartedProcess, start } from '../processes.ts';
import { interleaved, median } from '../statistics.ts';
import { withCloud } from './cloud-process.ts';

/** A shard takes 1,000 records a second ("Quotas and limits", Kinesis guide): these are never the bottleneck. */
const shards = 200;
const recordsPerCall = 500;
const recordBytes = 200;
const callsAtOnce = 4;
const windows = 7;
const windowMs = 1_000;
const StreamName = 'bench';

/** What one SDK client gets through, calls of 500 records one after the other on a few lanes, in turns with two peers. */
export const putRecords: Measurement = {
  title: 'PutRecords',
  run: (say) =>
    withCloud(async (cloud) => {
      const modules = await installedPeers(say);
      const [plain = 0, tls = 0, other = 0] = await freePorts(3);
      const variables = {
        KINESIS_MOCK_PLAIN_PORT: `${plain}`,
        KINESIS_MOCK_TLS_PORT: `${tls}`,
        SHARD_LIMIT: `${shards}`,
        LOG_LEVEL: 'ERROR',
      };
      // It reads its certificate from where it is started.
      const local = start(process.execPath, ['main.js'], variables, `${modules}/kinesis-local`);
      const lite = start(process.execPath, [
        `${modules}/kinesalite/cli.js`,
        '--port',
        `${other}`,
        '--shardLimit',
        `${shards}`,
      ]);
      try {
        say('streams of 200 shards');
        const sides = {
          cloud: await throughput(cloud.endpoint, cloud),
          local: await throughput(`http://127.0.0.1:${plain}`, local),
          lite: await throughput(`http://127.0.0.1:${other}`, lite),
        };
        say('warm-up');
        await interleaved(1, sides);
        const samples = await interleaved(windows, sides, (round) => say(`second ${round} of ${windows}`));
        const [own, beside, dead] = [median(samples.cloud), median(samples.local), median(samples.lite)];
        return [
          {
            name: 'cloud.put_records.records_per_s',
            value: own,
            unit: 'records/s',
            goal: null,
            better: 'higher',
            measured: `${recordBytes} bytes each, ${recordsPerCall} in a call`,
          },
          ratio(
            'cloud.put_records.to_kinesis_local',
            samples.cloud,
            samples.local,
            `kinesis-local ${readable(Math.round(beside))}`,
          ),
          ratio(
            'cloud.put_records.to_kinesalite',
            samples.cloud,
            samples.lite,
            `kinesalite ${readable(Math.round(dead))}`,
          ),
        ];
      } finally {
        await Promise.all([local.kill(), lite.kill()]);
      }
    }),
};

function ratio(name: string, own: readonly number[], theirs: readonly number[], measured: string) {
  const value = median(own.map((sample, round) => sample / (theirs[round] as number)));
  return { name, value, unit: '×', goal: 1, better: 'higher', measured: `${measured} records/s` } as const;
}

/** Makes a stream there and answers what measures it: records accepted in a second. */
async function throughput(
  endpoint: string,
  { failed }: Pick<StartedProcess, 'failed'>,
): Promise<() => Promise<number>> {
  // Peers speak HTTP/1.1 only, which the embedded cloud therefore speaks here as well.
  const requestHandler = new NodeHttpHandler({ httpAgent: { maxSockets: callsAtOnce } });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const kinesis = new KinesisClient({ endpoint, region: 'us-east-1', credentials, requestHandler, maxAttempts: 1 });
  const ready = eventually(async () => {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards })).catch((error: Error) => {
      if (error.name !== 'ResourceInUseException') throw error;
    });
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    if (StreamDescriptionSummary?.StreamStatus !== 'ACTIVE') throw new Error(`The stream of ${endpoint} is not active`);
  }, 60_000);
  await Promise.race([ready, failed]);
  const Records = Array.from({ length: recordsPerCall }, (_, i) => ({
    PartitionKey: String(i),
    // Evenly over the shards, whose hash keys are 128 bits.
    ExplicitHashKey: String((2n ** 128n / BigInt(recordsPerCall)) * BigInt(i)),
    Data: Buffer.alloc(recordBytes, 'x'),
  }));
  return async () => {
    const begin = performance.now();
    let accepted = 0;
    const lane = async () => {
      while (performance.now() - begin < windowMs) {
        const { FailedRecordCount = 0 } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
        accepted += recordsPerCall - FailedRecordCount;
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, lane));
    return (accepted / (performance.now() - begin)) * 1_000;
  };
}
