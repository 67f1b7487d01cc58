import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Client } from '../src/extension/put-object.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const Key = 'telemetry-overflow/2026/11/21/orders/d5ae28b62048bf91-000000000007.ndjson.gz';
const body = Buffer.from([0x1f, 0x8b, 0, 0xff, 0x80, 0xc3]);

let cloud: Awaited<ReturnType<typeof startCloud>>;
beforeAll(async () => {
  cloud = await startCloud({ port: 0, log: () => {} });
});
afterAll(() => cloud.close());

const clientFor = (bucket: string, secretAccessKey = credentials.secretAccessKey) =>
  createS3Client(
    { endpoint: new URL(cloud.endpoint), path: `/${bucket}/`, prefix: '' },
    { region, credentials: { ...credentials, secretAccessKey } },
  );

test('an object is what was put, signed so that S3 believes it', async () => {
  const s3 = new S3Client({ endpoint: cloud.endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'overflow' }));
  expect(await clientFor('overflow').putObject(Key, body, 5_000)).toBeUndefined();
  const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket: 'overflow', Key }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(body);
  expect(ContentType).toBe('application/gzip');
});

test.each([
  ['no such bucket', () => clientFor('nowhere'), 'NoSuchBucket'],
  ['a wrong secret', () => clientFor('overflow', 'wrong'), 'SignatureDoesNotMatch'],
])('%s: says what S3 says', async (_, client, code) => {
  expect(await client().putObject(Key, body, 5_000)).toBe(code);
});
