import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { observabilityCore, parameterName } from '@stackyard/contracts';
import { dockerStandIn } from '@stackyard/local-cloud';
import type { LogRecord } from '@stackyard/log-records';
import { cdk, createLedger, eventually, faults, readRecords, ssmParameter, stackOutputs } from '@stackyard/proof-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A core of its own beside the one that the other proofs are about. */
const stage = 'sandbox';

let output: string;
beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'stackyard-overflow-'));
  const app = ['--app', 'node cdk/overflow-example.ts', '--output', output];
  const environment = {
    STACKYARD_STAGE: stage,
    CDK_DOCKER: dockerStandIn,
    STACKYARD_IMAGE_STORE: join(output, 'images'),
  };
  await cdk(['deploy', '--all', ...app, '--require-approval', 'never'], environment);
});
afterAll(() => rm(output, { recursive: true, force: true }));

test('given a core with an overflow bucket, when Kinesis is out of order until the end of an environment, then what the buffer has no room for and what waits at the end is in S3, and nothing is lost', async () => {
  const { FunctionName = '', BucketName = '' } = await stackOutputs('overflow-proof');
  const stream = await readRecords(await ssmParameter(parameterName(observabilityCore, stage, 'streamName')));
  const lambda = new LambdaClient({});
  const ledger = createLedger();
  const outage = await faults.start({
    service: 'kinesis',
    operation: 'PutRecords',
    effect: { kind: 'fail', code: 'InternalFailure', status: 500 },
  });
  for (let call = 0; call < 10; call += 1) {
    const lines = Array.from({ length: 10 }, (_, i) => `${call}-${i} ${'x'.repeat(50_000)}`);
    for (const line of lines) ledger.sent(line.split(' ', 1)[0] ?? '');
    const { FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(lines)) }),
    );
    expect(FunctionError).toBeUndefined();
  }
  await faults.shutDown({ function: FunctionName });
  await outage.end();

  const inS3 = await recordsOf(BucketName);
  for (const { source, message } of [...inS3, ...(await stream.arrived())]) {
    if (source === 'function') ledger.delivered(String(message).split(' ', 1)[0] ?? '');
  }
  expect(ledger.count()).toEqual({ sent: 100, delivered: 100, duplicated: 0, lost: 0 });
  expect(inS3.some(({ message }) => message === 'telemetry.recordsDropped')).toBe(true);
});

async function recordsOf(Bucket: string): Promise<LogRecord[]> {
  const s3 = new S3Client({});
  const { Contents = [] } = await eventually(() => s3.send(new ListObjectsV2Command({ Bucket })));
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
    }),
  );
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line) as LogRecord);
}
