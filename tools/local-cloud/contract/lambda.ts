import { lambda as service } from '../src/services/lambda/service.ts';
import type { Contract } from './contract.ts';
import { dynamodbSourceClaims } from './lambda-dynamodb-sources.ts';
import { functionClaims } from './lambda-functions.ts';
import { invocationClaims } from './lambda-invocations.ts';
import { kinesisSourceClaims } from './lambda-kinesis-sources.ts';
import { queueSourceClaims } from './lambda-queue-sources.ts';
import { versionClaims } from './lambda-versions.ts';

export const lambda: Contract = {
  service,
  claims: [
    ...functionClaims,
    ...invocationClaims,
    ...versionClaims,
    ...kinesisSourceClaims,
    ...queueSourceClaims,
    ...dynamodbSourceClaims,
  ],
};
