import { recordMetric } from '../../metrics/metric-store.ts';
import { setOf } from '../../metrics/statistics.ts';
import type { Cloud } from '../../service.ts';
import { type Bucket, bucketsOf } from './state.ts';

const dayMs = 24 * 3_600_000;

const measurements = new WeakMap<Cloud, () => void>();

/** "Amazon S3 daily storage metrics for buckets in CloudWatch": at each day's end (UTC), what the day had. A second call does nothing. */
export function startMeasuring(cloud: Cloud): void {
  if (measurements.has(cloud)) return;
  const wait = () => {
    const untilMidnight = dayMs - (cloud.clock.now() % dayMs);
    measurements.set(
      cloud,
      cloud.clock.after(untilMidnight, () => {
        wait();
        for (const bucket of bucketsOf(cloud).values()) measure(cloud, bucket);
      }),
    );
  };
  wait();
}

export function stopMeasuring(cloud: Cloud): void {
  measurements.get(cloud)?.();
  measurements.delete(cloud);
}

function measure(cloud: Cloud, { name: BucketName, owner: account, region, objects }: Bucket): void {
  const versions = [...objects.values()].flat();
  const bytes = versions.reduce((sum, version) => sum + ('body' in version ? version.body.length : 0), 0);
  const time = cloud.clock.now() - dayMs / 2;
  const record = (metricName: string, StorageType: string, value: number, unit: string) => {
    const metric = { namespace: 'AWS/S3', name: metricName, dimensions: { BucketName, StorageType } };
    recordMetric(cloud, { account, region }, metric, setOf([value]), { unit, time });
  };
  record('NumberOfObjects', 'AllStorageTypes', versions.length, 'Count');
  record('BucketSizeBytes', 'StandardStorage', bytes, 'Bytes');
}
