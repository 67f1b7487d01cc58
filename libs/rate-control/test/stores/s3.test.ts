import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startTestCloud } from '@stackyard/local-cloud';
import { afterAll, beforeAll, describe } from 'vitest';
import { s3Store } from '../../src/stores/s3.ts';
import { storeContract } from './contract.ts';

describe('S3', () => {
  let cloud: Awaited<ReturnType<typeof startTestCloud>>;
  const client = () => cloud.client(S3Client);
  beforeAll(async () => {
    cloud = await startTestCloud();
    await client().send(new CreateBucketCommand({ Bucket: 'permits' }));
  });
  afterAll(() => cloud.close());
  storeContract(() => s3Store({ client: client(), bucket: 'permits' }));
});
