import { kinesis as service } from '../src/services/kinesis/service.ts';
import type { Contract } from './contract.ts';
import { consumerClaims } from './kinesis-consumers.ts';
import { recordClaims } from './kinesis-records.ts';
import { shardClaims } from './kinesis-shards.ts';
import { streamClaims } from './kinesis-streams.ts';

export const kinesis: Contract = {
  service,
  claims: [...streamClaims, ...shardClaims, ...recordClaims, ...consumerClaims],
};
