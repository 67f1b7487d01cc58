import { s3 as service } from '../src/services/s3/service.ts';
import type { Contract } from './contract.ts';

import { bucketClaims } from './s3-buckets.ts';
import { objectClaims } from './s3-objects.ts';

export const s3: Contract = {
  service,
  claims: [...bucketClaims, ...objectClaims],
};
