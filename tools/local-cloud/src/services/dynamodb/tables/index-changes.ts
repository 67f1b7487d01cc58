import type {
  CreateGlobalSecondaryIndexAction,
  GlobalSecondaryIndexUpdate,
  UpdateGlobalSecondaryIndexAction,
  UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError, validationError } from '../../../errors.ts';
import type { Call } from '../../../service.ts';
import { invalidParameters, limitExceeded, resourceInUse } from '../errors.ts';
import { entriesOf, putIntoIndex } from '../items/store.ts';
import { begin, type Index, newIndex, type Table } from '../state.ts';
import { checkGlobalCount, checkGlobalIndex, throughputOf } from './definition.ts';

/** A change that was checked; nothing has changed until it is made. */
export type Change = (() => void) | undefined;

/** "You can create or delete only one global secondary index per UpdateTable operation." (UpdateTable, API Reference) */
export function changeIndexes(input: UpdateTableCommandInput, table: Table, call: Call): Change {
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
    for (const { item, id } of entriesOf(table)) putIntoIndex(table, index, item, id);
    begin(index, 'CREATING', call);
  };
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
