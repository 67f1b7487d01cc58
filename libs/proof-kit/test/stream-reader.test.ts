import { CreateStreamCommand, KinesisClient, PutRecordsCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { type LaunchedCloud, launchCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults } from '../src/faults.ts';
import { readStream } from '../src/stream-reader.ts';

const StreamName = 'read';
let cloud: LaunchedCloud;
beforeAll(async () => {
  cloud = await launchCloud();
  for (const [name, value] of Object.entries(cloud.environment)) vi.stubEnv(name, value);
  const kinesis = new KinesisClient({});
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 4 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StreamName });
}, 60_000);
afterAll(async () => {
  await cloud.stop();
  vi.unstubAllEnvs();
});

test('given a shard that cannot be read at the moment, then what the others gave is answered once it can be', async () => {
  const reader = await readStream(StreamName, 'LATEST');
  const texts = Array.from({ length: 40 }, (_, i) => `${i}`);
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text }));
  await new KinesisClient({}).send(new PutRecordsCommand({ StreamName, Records }));
  const effect = { kind: 'fail', code: 'AccessDeniedException', message: 'Not now', status: 400 } as const;
  await faults.start({ service: 'kinesis', operation: 'GetRecords', times: 1, effect });
  await expect(reader.poll()).rejects.toThrow('Not now');
  const read = await reader.poll();
  expect(read.map(({ data }) => data.toString()).sort()).toEqual(texts.toSorted());
  expect(await reader.poll()).toEqual([]);
}, 60_000);
