import { isDeepStrictEqual } from 'node:util';
import type {
  DescribeContinuousBackupsCommandOutput,
  DescribeTableCommandOutput,
  DescribeTimeToLiveCommandOutput,
  GlobalSecondaryIndex,
  ListTagsOfResourceCommandOutput,
  TableDescription,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { CreateRequest, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, type TagEntry, tagChanges, unlessGone, until } from './calls.ts';
import type { WantedTable } from './dynamodb-wanted-table.ts';

const gone = ['ResourceNotFoundException'];

export async function createTable(
  request: CreateRequest,
  TableName: string,
  wanted: WantedTable,
): Promise<ResourceResult> {
  const { policy: ResourcePolicy, tags } = wanted;
  const Tags = tags.length > 0 ? tags : undefined;
  await request.call('dynamodb', 'CreateTable', { TableName, ...wanted.table, Tags, ResourcePolicy });
  request.created(TableName);
  await active(request, TableName);
  await changeTimeToLive(request, TableName, wanted);
  await changeRecovery(request, TableName, wanted);
  return resultOf(await active(request, TableName));
}

/** Changes what differs from the table as it is, so that a half-done change can be undone. */
export async function updateTable(
  request: ResourceRequest,
  TableName: string,
  wanted: WantedTable,
  before: WantedTable,
): Promise<ResourceResult> {
  const change = async (input: Omit<UpdateTableCommandInput, 'TableName'>) => {
    await request.call('dynamodb', 'UpdateTable', { TableName, ...input });
    return active(request, TableName);
  };
  let table = await active(request, TableName);
  for (const input of [...settingChanges(table, wanted), ...indexChanges(table, wanted)]) table = await change(input);
  await changeTimeToLive(request, TableName, wanted);
  await changeRecovery(request, TableName, wanted);
  if (wanted.policy !== before.policy) await changePolicy(request, table, wanted);
  await changeTags(request, table, wanted.tags);
  return resultOf(table);
}

export async function deleteTable(request: ResourceRequest, TableName: string): Promise<void> {
  await unlessGone(gone, () => request.call('dynamodb', 'DeleteTable', { TableName }));
  await until(request, async () => (await describedTable(request, TableName)) === undefined);
}

export async function describedTable(
  { call }: ResourceRequest,
  TableName: string,
): Promise<TableDescription | undefined> {
  const found = await ifThere(gone, () => call<DescribeTableCommandOutput>('dynamodb', 'DescribeTable', { TableName }));
  return found?.Table;
}

export function resultOf(table: TableDescription | undefined): ResourceResult {
  const { TableName = '', TableArn: Arn, TableId, LatestStreamArn: StreamArn } = table ?? {};
  return { physicalId: TableName, attributes: { Arn, TableId, ...(StreamArn && { StreamArn }) } };
}

/** The table, once neither it nor an index of it is changing any more. */
async function active(request: ResourceRequest, TableName: string): Promise<TableDescription> {
  let table: TableDescription | undefined;
  await until(request, async () => {
    table = await describedTable(request, TableName);
    const indexes = table?.GlobalSecondaryIndexes ?? [];
    return table?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
  });
  return table as TableDescription;
}

type TableChange = Omit<UpdateTableCommandInput, 'TableName'>;

function settingChanges(current: TableDescription, { table }: WantedTable): TableChange[] {
  const changes: TableChange[] = [];
  const mode = current.BillingModeSummary?.BillingMode ?? 'PROVISIONED';
  const { ReadCapacityUnits, WriteCapacityUnits } = current.ProvisionedThroughput ?? {};
  const wantedUnits = table.ProvisionedThroughput;
  const unitsDiffer =
    wantedUnits?.ReadCapacityUnits !== ReadCapacityUnits || wantedUnits?.WriteCapacityUnits !== WriteCapacityUnits;
  if (mode !== table.BillingMode || (mode === 'PROVISIONED' && unitsDiffer)) {
    changes.push({ BillingMode: table.BillingMode, ProvisionedThroughput: wantedUnits, ...indexUnits(current, table) });
  }
  if (table.OnDemandThroughput && !isDeepStrictEqual(table.OnDemandThroughput, current.OnDemandThroughput)) {
    changes.push({ OnDemandThroughput: table.OnDemandThroughput });
  }
  const DeletionProtectionEnabled = table.DeletionProtectionEnabled ?? false;
  if (DeletionProtectionEnabled !== current.DeletionProtectionEnabled) changes.push({ DeletionProtectionEnabled });
  const TableClass = table.TableClass ?? 'STANDARD';
  if (TableClass !== (current.TableClassSummary?.TableClass ?? 'STANDARD')) changes.push({ TableClass });
  const isEncrypted = table.SSESpecification?.Enabled ?? false;
  const { SSEDescription } = current;
  if (
    isEncrypted !== (SSEDescription !== undefined) ||
    table.SSESpecification?.KMSMasterKeyId !== SSEDescription?.KMSMasterKeyArn
  ) {
    changes.push({ SSESpecification: table.SSESpecification ?? { Enabled: false } });
  }
  const viewType = table.StreamSpecification?.StreamViewType;
  if (viewType !== current.StreamSpecification?.StreamViewType) {
    if (current.StreamSpecification) changes.push({ StreamSpecification: { StreamEnabled: false } });
    if (viewType) changes.push({ StreamSpecification: table.StreamSpecification });
  }
  return changes;
}

/** A table that becomes provisioned needs units for all its indexes at once. */
function indexUnits(
  current: TableDescription,
  { BillingMode, GlobalSecondaryIndexes = [] }: WantedTable['table'],
): TableChange {
  if (BillingMode !== 'PROVISIONED' || !current.GlobalSecondaryIndexes) return {};
  const names = current.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName);
  const kept = GlobalSecondaryIndexes.filter(({ IndexName }) => names.includes(IndexName));
  return {
    GlobalSecondaryIndexUpdates: kept.map(({ IndexName, ProvisionedThroughput }) => ({
      Update: { IndexName, ProvisionedThroughput },
    })),
  };
}

/** Throws when more than one index comes or goes: CloudFormation's own limit for an update. */
function indexChanges(current: TableDescription, { table }: WantedTable): TableChange[] {
  const wanted = table.GlobalSecondaryIndexes ?? [];
  const existing = current.GlobalSecondaryIndexes ?? [];
  const isSame = (one: GlobalSecondaryIndex, other: GlobalSecondaryIndex) =>
    one.IndexName === other.IndexName &&
    isDeepStrictEqual(one.KeySchema, other.KeySchema) &&
    isDeepStrictEqual(one.Projection, other.Projection);
  const removed = existing.filter((index) => !wanted.some((other) => isSame(index as GlobalSecondaryIndex, other)));
  const added = wanted.filter((index) => !existing.some((other) => isSame(index, other as GlobalSecondaryIndex)));
  if (removed.length > 1 || added.length > 1) {
    throw new AwsError('InvalidRequest', 'Cannot perform more than one GSI creation or deletion in a single update');
  }
  return [
    ...removed.map(({ IndexName }) => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })),
    ...added.map((Create) => ({
      AttributeDefinitions: table.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create }],
    })),
  ];
}

async function changeTimeToLive(
  { call }: ResourceRequest,
  TableName: string,
  { timeToLive }: WantedTable,
): Promise<void> {
  const { TimeToLiveDescription: current } = await call<DescribeTimeToLiveCommandOutput>(
    'dynamodb',
    'DescribeTimeToLive',
    { TableName },
  );
  const isOn = current?.TimeToLiveStatus === 'ENABLED' || current?.TimeToLiveStatus === 'ENABLING';
  const wanted = timeToLive?.Enabled ? timeToLive.AttributeName : undefined;
  const set = (AttributeName: string | undefined, Enabled: boolean) =>
    call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName, Enabled } });
  if (isOn && wanted !== current?.AttributeName) await set(current?.AttributeName, false);
  if (wanted !== undefined && !(isOn && wanted === current?.AttributeName)) await set(wanted, true);
}

async function changeRecovery({ call }: ResourceRequest, TableName: string, { recovery }: WantedTable): Promise<void> {
  const { ContinuousBackupsDescription } = await call<DescribeContinuousBackupsCommandOutput>(
    'dynamodb',
    'DescribeContinuousBackups',
    { TableName },
  );
  const { PointInTimeRecoveryStatus, RecoveryPeriodInDays } =
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  const isOn = PointInTimeRecoveryStatus === 'ENABLED';
  const wanted = recovery?.PointInTimeRecoveryEnabled ?? false;
  const isSamePeriod = !wanted || (recovery?.RecoveryPeriodInDays ?? RecoveryPeriodInDays) === RecoveryPeriodInDays;
  if (wanted === isOn && isSamePeriod) return;
  const PointInTimeRecoverySpecification = recovery ?? { PointInTimeRecoveryEnabled: false };
  await call('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
}

async function changePolicy(
  { call }: ResourceRequest,
  table: TableDescription,
  { policy }: WantedTable,
): Promise<void> {
  const ResourceArn = table.TableArn;
  if (policy) await call('dynamodb', 'PutResourcePolicy', { ResourceArn, Policy: policy });
  else await call('dynamodb', 'DeleteResourcePolicy', { ResourceArn });
}

async function changeTags(
  { call }: ResourceRequest,
  table: TableDescription,
  wanted: readonly TagEntry[],
): Promise<void> {
  const ResourceArn = table.TableArn;
  const { Tags } = await call<ListTagsOfResourceCommandOutput>('dynamodb', 'ListTagsOfResource', { ResourceArn });
  const { set, removed } = tagChanges(Tags as readonly TagEntry[], wanted);
  if (removed.length > 0) await call('dynamodb', 'UntagResource', { ResourceArn, TagKeys: removed });
  if (set.length > 0) await call('dynamodb', 'TagResource', { ResourceArn, Tags: set });
}
