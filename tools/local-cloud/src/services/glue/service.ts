import type { Service } from '../../service.ts';

/**
 * AWS Glue's Data Catalog: databases and tables, as Athena looks them up. The catalog is all there is: nothing crawls, runs jobs or
 * answers queries.
 */
export const glue: Service = {
  name: 'glue',
  model: () => import('@aws-sdk/client-glue'),
  operations: async () => (await import('./operations.ts')).operations,
};
