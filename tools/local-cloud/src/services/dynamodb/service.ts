import type { Service } from '../../service.ts';

/** Amazon DynamoDB and DynamoDB Streams, without backups, exports, replicas in other Regions and PartiQL. */
export const dynamodb: Service = {
  name: 'dynamodb',
  // Both clients sign for the same service, so its streams are part of it.
  model: async () => ({
    ...(await import('@aws-sdk/client-dynamodb-streams')),
    ...(await import('@aws-sdk/client-dynamodb')),
  }),
  throttlingCode: 'ProvisionedThroughputExceededException',
  start(cloud) {
    if (cloud.scopes('dynamodb').length > 0)
      void import('./items/expiry.ts').then((expiry) => expiry.watchAllTables(cloud));
  },
  operations: async () => (await import('./operations.ts')).operations,
};
