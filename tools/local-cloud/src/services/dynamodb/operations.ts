import type { Operations } from '../../service.ts';
import { batchGetItem } from './items/batch-get.ts';
import { batchWriteItem } from './items/batch-write.ts';
import { getItem } from './items/get-item.ts';
import { query } from './items/query.ts';
import { scan } from './items/scan.ts';
import { transactGetItems } from './items/transact-get.ts';
import { transactWriteItems } from './items/transact-write.ts';
import { deleteItem, putItem, updateItem } from './items/write-operations.ts';
import { describeStream, listStreams } from './streams/describe.ts';
import { getRecords, getShardIterator } from './streams/read.ts';
import { describeEndpoints, describeLimits } from './tables/account.ts';
import { describeContinuousBackups, updateContinuousBackups } from './tables/continuous-backups.ts';
import { createTable, deleteTable } from './tables/create.ts';
import { describeTable, listTables } from './tables/describe.ts';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './tables/resource-policy.ts';
import { listTagsOfResource, tagResource, untagResource } from './tables/tags.ts';
import { describeTimeToLive, updateTimeToLive } from './tables/time-to-live.ts';
import { updateTable } from './tables/update.ts';

export const operations: Operations = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: createTable,
  DeleteItem: deleteItem,
  DeleteResourcePolicy: deleteResourcePolicy,
  DeleteTable: deleteTable,
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeEndpoints: describeEndpoints,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeTable: describeTable,
  DescribeTimeToLive: describeTimeToLive,
  GetItem: getItem,
  GetRecords: getRecords,
  GetResourcePolicy: getResourcePolicy,
  GetShardIterator: getShardIterator,
  ListStreams: listStreams,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: putItem,
  PutResourcePolicy: putResourcePolicy,
  Query: query,
  Scan: scan,
  TagResource: tagResource,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  UntagResource: untagResource,
  UpdateContinuousBackups: updateContinuousBackups,
  UpdateItem: updateItem,
  UpdateTable: updateTable,
  UpdateTimeToLive: updateTimeToLive,
};
