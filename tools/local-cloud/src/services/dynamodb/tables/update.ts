import type {
  CreateGlobalSecondaryIndexAction,
  GlobalSecondaryIndexUpdate,
  UpdateGlobalSecondaryIndexAction,
  UpdateTableCommandInput,
  UpdateTableCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import { AwsError, validationError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { onTable } from '../demands.ts';
import { invalidParameters, limitExceeded, resourceInUse, validate } from '../errors.ts';
import { entriesOf, putIntoIndex } from '../items/store.ts';
import { begin, type Index, newIndex, requireActive, type Table, tableAt } from '../state.ts';
import { locate } from '../table-reference.ts';
import { checkGlobalCount, checkGlobalIndex, throughputOf } from './definition.ts';
import { describe } from './describe.ts';
import { checkStream, setStream } from './stream-specification.ts';

export const updateTable = operation<UpdateTableCommandInput, UpdateTableCommandOutput>({
  demands: onTable('UpdateTable'),
  run(input, call) {
    validate(
      oneOf('billingMode', input.BillingMode, ['PROVISIONED', 'PAY_PER_REQUEST']),
      oneOf('tableClass', input.TableClass, ['STANDARD', 'STANDARD_INFREQUENT_ACCESS']),
    );
    const table = tableAt(locate(input.TableName, call), call);
    refuseUnsupported(input);
    checkStream(input.StreamSpecification);
    requireActive(table);
    const changes = [
      changeBilling(input, table, call),
      changeStream(input, table, call),
      changeIndexes(input, table, call),
      changeSettings(input, table),
    ].filter((change) => change !== undefined);
    if (changes.length === 0) {
      throw validationError(
        'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
      );
    }
    for (const change of changes) change();
    begin(table, 'UPDATING', call);
    return { TableDescription: describe(table) };
  },
});

/** A change that was checked; nothing has changed until it is made. */
type Change = (() => void) | undefined;

function refuseUnsupported(input: UpdateTableCommandInput): void {
  if (input.ReplicaUpdates?.length) {
    throw validationError('ReplicaUpdates is not supported by the embedded cloud: a table is in one Region here.');
  }
  if (input.WarmThroughput !== undefined) {
    throw validationError('WarmThroughput is not supported by the embedded cloud: leave it out.');
  }
}

function changeBilling(input: UpdateTableCommandInput, table: Table, call: Call): Change {
  const { BillingMode, ProvisionedThroughput, OnDemandThroughput } = input;
  if (!BillingMode && !ProvisionedThroughput) {
    if (!OnDemandThroughput) return undefined;
    return () => {
      table.onDemandLimits = OnDemandThroughput;
    };
  }
  const billingMode = BillingMode ?? table.billingMode;
  const throughput = throughputOf(billingMode, ProvisionedThroughput);
  const { read, write } = table.throughput;
  const isSame = throughput.read === read && throughput.write === write;
  if (billingMode === table.billingMode && billingMode === 'PROVISIONED' && isSame) {
    throw validationError(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${throughput.read}. Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${throughput.write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
  const now = call.cloud.clock.now();
  return () => {
    if (throughput.read > read || throughput.write > write) table.throughputIncreasedAt = now;
    if (throughput.read < read || throughput.write < write) table.throughputDecreasedAt = now;
    if (billingMode === 'PAY_PER_REQUEST' && table.billingMode !== billingMode) {
      table.onDemandSince = now;
      for (const index of table.indexes.values()) index.throughput = { read: 0, write: 0 };
    }
    table.billingMode = billingMode;
    table.throughput = throughput;
    if (OnDemandThroughput) table.onDemandLimits = OnDemandThroughput;
  };
}

function changeStream(input: UpdateTableCommandInput, table: Table, call: Call): Change {
  const { StreamSpecification: specification } = input;
  if (!specification) return undefined;
  if (specification.StreamEnabled && table.stream) {
    throw validationError(`Table already has an enabled stream: TableName: ${table.name}`);
  }
  if (!specification.StreamEnabled && !table.stream) {
    throw validationError(`Table ${table.name} has no enabled stream to disable`);
  }
  return () => setStream(call.cloud, table, specification);
}

/** "You can create or delete only one global secondary index per UpdateTable operation." (UpdateTable, API Reference) */
function changeIndexes(input: UpdateTableCommandInput, table: Table, call: Call): Change {
  const { GlobalSecondaryIndexUpdates: updates = [] } = input;
  if (updates.length === 0) return undefined;
  if (updates.filter(({ Update }) => !Update).length > 1) {
    throw limitExceeded(
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  const changes = updates.map((update) => changeIndex(update, input, table, call));
  return () => {
    for (const change of changes) change();
  };
}

function changeIndex(
  { Create, Update, Delete }: GlobalSecondaryIndexUpdate,
  input: UpdateTableCommandInput,
  table: Table,
  call: Call,
): () => void {
  if (Create) return createIndex(Create, input, table, call);
  if (Update) return updateIndex(Update, input, table, call);
  if (!Delete) {
    throw invalidParameters(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must be specified',
    );
  }
  const index = globalIndex(table, Delete.IndexName);
  return () => begin(index, 'DELETING', call);
}

function createIndex(
  definition: CreateGlobalSecondaryIndexAction,
  input: UpdateTableCommandInput,
  table: Table,
  call: Call,
): () => void {
  const name = definition.IndexName as string;
  if (table.indexes.has(name)) {
    throw validationError(`Attempting to create an index which already exists: ${name}`);
  }
  const attributes = [...table.attributes];
  for (const given of input.AttributeDefinitions ?? []) {
    const known = attributes.find(({ AttributeName }) => AttributeName === given.AttributeName);
    if (!known) attributes.push(given);
    else if (known.AttributeType !== given.AttributeType) {
      throw invalidParameters(`Cannot redefine the type of attribute ${given.AttributeName}`);
    }
  }
  const billingMode = input.BillingMode ?? table.billingMode;
  checkGlobalIndex(definition, attributes, billingMode);
  checkGlobalCount([...table.indexes.values()].filter(({ kind }) => kind === 'global').length + 1);
  const index = newIndex(
    {
      name,
      kind: 'global',
      keySchema: definition.KeySchema ?? [],
      projection: definition.Projection ?? {},
      throughput: throughputOf(billingMode, definition.ProvisionedThroughput),
      onDemandLimits: definition.OnDemandThroughput,
    },
    call.cloud.clock.now(),
  );
  return () => {
    table.attributes = attributes;
    table.indexes.set(name, index);
    backfill(table, index);
    begin(index, 'CREATING', call);
  };
}

/** Items whose attributes do not have the type of the index's keys are left out, as AWS's backfilling does. */
function backfill(table: Table, index: Index): void {
  const fits = (item: Parameters<typeof putIntoIndex>[2]) =>
    index.keySchema.every(({ AttributeName }) => {
      const type = table.attributes.find((definition) => definition.AttributeName === AttributeName)?.AttributeType;
      return (
        type !== undefined &&
        Object.hasOwn(item, AttributeName as string) &&
        type in (item[AttributeName as string] ?? {})
      );
    });
  for (const { item, id } of entriesOf(table)) if (fits(item)) putIntoIndex(table, index, item, id);
}

function updateIndex(
  { IndexName, ProvisionedThroughput, OnDemandThroughput }: UpdateGlobalSecondaryIndexAction,
  input: UpdateTableCommandInput,
  table: Table,
  call: Call,
): () => void {
  const index = globalIndex(table, IndexName);
  const throughput =
    ProvisionedThroughput && throughputOf(input.BillingMode ?? table.billingMode, ProvisionedThroughput);
  return () => {
    if (throughput) index.throughput = throughput;
    if (OnDemandThroughput) index.onDemandLimits = OnDemandThroughput;
    begin(index, 'UPDATING', call);
  };
}

function globalIndex(table: Table, name: string | undefined): Index {
  const index = table.indexes.get(name ?? '');
  if (index?.kind !== 'global') {
    throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  }
  if (index.status !== 'ACTIVE') {
    throw resourceInUse(
      `Attempt to change a resource which is still in use: Index is being ${index.status.toLowerCase()}: ${name}`,
    );
  }
  return index;
}

function changeSettings(input: UpdateTableCommandInput, table: Table): Change {
  const { DeletionProtectionEnabled, TableClass, SSESpecification } = input;
  if (DeletionProtectionEnabled === undefined && !TableClass && !SSESpecification) return undefined;
  return () => {
    if (DeletionProtectionEnabled !== undefined) table.isDeletionProtected = DeletionProtectionEnabled;
    if (TableClass) table.tableClass = TableClass;
    if (SSESpecification) table.encryption = SSESpecification.Enabled ? SSESpecification : undefined;
  };
}
