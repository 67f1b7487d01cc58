import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { logger, withLogger } from '@stackyard/handler-kit/logger';
import type { KinesisStreamEvent } from 'aws-lambda';
import { archiveObjects } from './archive-objects.ts';

const s3 = new S3Client({});
const Bucket = process.env['ARCHIVE_BUCKET'];

/**
 * Archives a batch of the log stream. Throws when an object cannot be written: Lambda then tries the whole batch again, and only
 * the whole gives objects of the same names.
 */
export const handler = withLogger<KinesisStreamEvent, void>(async ({ Records }) => {
  const objects = archiveObjects(Records);
  await Promise.all(
    objects.map(({ key: Key, body: Body }) =>
      s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/gzip' })),
    ),
  );
  const records = objects.reduce((sum, object) => sum + object.records, 0);
  logger.info('archived', { records, streamRecords: Records.length, objects: objects.map(({ key }) => key) });
});
