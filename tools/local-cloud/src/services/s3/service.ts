import type { Service } from '../../service.ts';
import { bucketConfigurationOperations } from './bucket-configuration.ts';
import { bucketOperations } from './bucket-operations.ts';
import { bucketPolicyOperations } from './bucket-policy.ts';
import { deleteOperations } from './delete-operations.ts';
import { listOperations } from './list-operations.ts';
import { multipartOperations } from './multipart-operations.ts';
import { objectOperations } from './object-operations.ts';
import { objectTaggingOperations } from './object-tagging.ts';
import { startMeasuring, stopMeasuring } from './storage-metrics.ts';

/**
 * Amazon S3, general purpose buckets. Bucket names are shared by all accounts and regions of the cloud. Kept but not
 * carried out: lifecycle rules (nothing expires) and encryption (bodies are kept as they came).
 */
export const s3: Service = {
  name: 's3',
  rest: 'xml',
  xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  model: () => import('@aws-sdk/client-s3'),
  validationCode: 'InvalidRequest',
  throttlingCode: 'SlowDown',
  operations: {
    ...bucketOperations,
    ...bucketConfigurationOperations,
    ...bucketPolicyOperations,
    ...objectOperations,
    ...objectTaggingOperations,
    ...deleteOperations,
    ...listOperations,
    ...multipartOperations,
  },
  start(cloud) {
    if (cloud.scopes('s3').length > 0) startMeasuring(cloud);
  },
  async close(cloud) {
    stopMeasuring(cloud);
  },
};
