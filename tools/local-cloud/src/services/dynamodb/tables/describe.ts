import type {
  DescribeTableCommandInput,
  DescribeTableCommandOutput,
  GlobalSecondaryIndexDescription,
  ListTablesCommandInput,
  ListTablesCommandOutput,
  ProvisionedThroughputDescription,
  TableDescription,
} from '@aws-sdk/client-dynamodb';
import { between } from '../../../constraints.ts';
import { operation } from '../../../service.ts';
import type { Collection } from '../collection.ts';
import { onTable } from '../demands.ts';
import { validate } from '../errors.ts';
import { type Index, type Table, tableAt, tablesOf } from '../state.ts';
import { checkTableName, locate, streamArn } from '../table-reference.ts';

export const describeTable = operation<DescribeTableCommandInput, DescribeTableCommandOutput>({
  demands: onTable('DescribeTable'),
  run: (input, call) => ({ Table: describe(tableAt(locate(input.TableName, call), call)) }),
});

export const listTables = operation<ListTablesCommandInput, ListTablesCommandOutput>({
  run(input, call) {
    validate(between('limit', input.Limit, 1, 100));
    if (input.ExclusiveStartTableName !== undefined) checkTableName(input.ExclusiveStartTableName);
    const names = [...tablesOf(call.cloud, call.account, call.region).keys()].sort();
    const rest = names.filter((name) => name > (input.ExclusiveStartTableName ?? ''));
    const TableNames = rest.slice(0, input.Limit ?? 100);
    return { TableNames, LastEvaluatedTableName: TableNames.length < rest.length ? TableNames.at(-1) : undefined };
  },
});

/** A table as DescribeTable, CreateTable, UpdateTable and DeleteTable answer it. */
export function describe(table: Table): TableDescription {
  const { billingMode, onDemandSince, encryption, stream } = table;
  const indexes = [...table.indexes.values()];
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.id,
    TableStatus: table.status,
    CreationDateTime: new Date(table.createdAt),
    AttributeDefinitions: [...table.attributes],
    KeySchema: [...table.keySchema],
    ...sizeOf(table.items, table.status === 'CREATING'),
    ProvisionedThroughput: throughput(table),
    BillingModeSummary:
      billingMode === 'PAY_PER_REQUEST' || onDemandSince !== undefined
        ? { BillingMode: billingMode, LastUpdateToPayPerRequestDateTime: new Date(onDemandSince ?? table.createdAt) }
        : undefined,
    OnDemandThroughput: table.onDemandLimits,
    TableClassSummary: table.tableClass === 'STANDARD' ? undefined : { TableClass: table.tableClass },
    DeletionProtectionEnabled: table.isDeletionProtected,
    SSEDescription: encryption && { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: encryption.KMSMasterKeyId },
    LocalSecondaryIndexes: listed(
      indexes.filter(({ kind }) => kind === 'local').map((index) => describeLocal(table, index)),
    ),
    GlobalSecondaryIndexes: listed(
      indexes.filter(({ kind }) => kind === 'global').map((index) => describeGlobal(table, index)),
    ),
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamLabel: stream?.label,
    LatestStreamArn: stream && streamArn(table, stream.label),
  };
}

function throughput(target: Table | Index): ProvisionedThroughputDescription {
  const { throughputIncreasedAt, throughputDecreasedAt } = target as Partial<Table>;
  return {
    ReadCapacityUnits: target.throughput.read,
    WriteCapacityUnits: target.throughput.write,
    NumberOfDecreasesToday: 0,
    LastIncreaseDateTime: throughputIncreasedAt === undefined ? undefined : new Date(throughputIncreasedAt),
    LastDecreaseDateTime: throughputDecreasedAt === undefined ? undefined : new Date(throughputDecreasedAt),
  };
}

function describeLocal(table: Table, index: Index) {
  return {
    IndexName: index.name,
    IndexArn: `${table.arn}/index/${index.name}`,
    KeySchema: [...index.keySchema],
    Projection: index.projection,
    ...indexSizeOf(index.items),
  };
}

function describeGlobal(table: Table, index: Index): GlobalSecondaryIndexDescription {
  return {
    ...describeLocal(table, index),
    IndexStatus: table.status === 'CREATING' ? 'CREATING' : index.status,
    Backfilling: index.status === 'CREATING' ? true : undefined,
    ProvisionedThroughput: throughput(index),
    OnDemandThroughput: index.onDemandLimits,
  };
}

/** AWS counts every six hours; here it is right at once. */
function sizeOf(items: Collection, isCreating: boolean) {
  if (isCreating) return { ItemCount: 0, TableSizeBytes: 0 };
  const { count, bytes } = countOf(items);
  return { ItemCount: count, TableSizeBytes: bytes };
}

function indexSizeOf(items: Collection) {
  const { count, bytes } = countOf(items);
  return { ItemCount: count, IndexSizeBytes: bytes };
}

function countOf({ partitions }: Collection) {
  let [count, bytes] = [0, 0];
  for (const entries of partitions.values()) {
    count += entries.length;
    for (const { size } of entries) bytes += size;
  }
  return { count, bytes };
}

function listed<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
