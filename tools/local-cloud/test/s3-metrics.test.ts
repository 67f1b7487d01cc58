import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startTestCloud } from '../src/testing.ts';

const dayMs = 24 * 3_600_000;

test('a bucket is measured once a day, at the end of it', async () => {
  const cloud = await startTestCloud();
  try {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'failures' }));
    for (const Key of ['a', 'b']) await s3.send(new PutObjectCommand({ Bucket: 'failures', Key, Body: 'four' }));
    const { clock } = cloud.cloud;
    const start = clock.now() - (clock.now() % dayMs);
    await clock.advance(dayMs);
    const values = async (MetricName: string, StorageType: string) => {
      const { Datapoints } = await cloud.client(CloudWatchClient).send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/S3',
          MetricName,
          Dimensions: [
            { Name: 'BucketName', Value: 'failures' },
            { Name: 'StorageType', Value: StorageType },
          ],
          StartTime: new Date(start),
          EndTime: new Date(start + 2 * dayMs),
          Period: dayMs / 1000,
          Statistics: ['Maximum'],
        }),
      );
      return Datapoints?.map(({ Timestamp, Maximum }) => [Timestamp?.getTime(), Maximum]);
    };
    expect(await values('NumberOfObjects', 'AllStorageTypes')).toEqual([[start, 2]]);
    expect(await values('BucketSizeBytes', 'StandardStorage')).toEqual([[start, 8]]);
  } finally {
    await cloud.close();
  }
});
