import { randomUUID } from 'node:crypto';
import type {
  CreateTableCommandInput,
  CreateTableCommandOutput,
  DeleteTableCommandInput,
  DeleteTableCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { emptyCollection } from '../collection.ts';
import { demand, onTable } from '../demands.ts';
import { limitExceeded, resourceInUse, validate } from '../errors.ts';
import { begin, type Index, newIndex, requireActive, type Table, tableAt, tablesOf } from '../state.ts';
import { locate, type TableLocation, tableArn } from '../table-reference.ts';
import { checkDefinition, throughputOf } from './definition.ts';
import { describe } from './describe.ts';
import { checkPolicy } from './resource-policy.ts';
import { checkStream, setStream } from './stream-specification.ts';
import { checkTagCount, checkTags, tagMap } from './tag-rules.ts';

/** "Initial table quota: 2,500 per account and Region" ("Quotas in Amazon DynamoDB", Developer Guide). */
const mostTables = 2500;

export const createTable = operation<CreateTableCommandInput, CreateTableCommandOutput>({
  demands(input, call) {
    const location = locate(input.TableName, call);
    const actions = ['CreateTable'];
    if (input.Tags?.length) actions.push('TagResource');
    if (input.ResourcePolicy !== undefined) actions.push('PutResourcePolicy');
    return actions.map((action) => demand(action, location, call));
  },
  run(input, call) {
    const location = locate(input.TableName, call);
    check(input);
    const tables = tablesOf(call.cloud, location.account, location.region);
    if (tables.has(location.name)) throw resourceInUse(`Table already exists: ${location.name}`);
    if (tables.size >= mostTables) {
      throw limitExceeded(
        `Subscriber limit exceeded: Provisioned table quota reached. The limit is ${mostTables} tables.`,
      );
    }
    const table = newTable(input, location, call);
    setStream(call.cloud, table, input.StreamSpecification);
    begin(table, 'CREATING', call);
    tables.set(table.name, table);
    return { TableDescription: describe(table) };
  },
});

export const deleteTable = operation<DeleteTableCommandInput, DeleteTableCommandOutput>({
  demands: onTable('DeleteTable'),
  run(input, call) {
    const table = tableAt(locate(input.TableName, call), call);
    if (table.isDeletionProtected) {
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    requireActive(table);
    setStream(call.cloud, table, undefined);
    begin(table, 'DELETING', call);
    return { TableDescription: describe(table) };
  },
});

function check(input: CreateTableCommandInput): void {
  validate(
    oneOf('billingMode', input.BillingMode, ['PROVISIONED', 'PAY_PER_REQUEST']),
    oneOf('tableClass', input.TableClass, ['STANDARD', 'STANDARD_INFREQUENT_ACCESS']),
  );
  throughputOf(input.BillingMode, input.ProvisionedThroughput);
  checkDefinition(input);
  checkStream(input.StreamSpecification);
  checkTags(input.Tags ?? []);
  checkTagCount(input.Tags?.length ?? 0);
  if (input.ResourcePolicy !== undefined) checkPolicy(input.ResourcePolicy);
  if (input.WarmThroughput !== undefined) {
    throw validationError('WarmThroughput is not supported by the embedded cloud: leave it out.');
  }
}

function newTable(input: CreateTableCommandInput, location: TableLocation, call: Call): Table {
  const now = call.cloud.clock.now();
  const { BillingMode: billingMode = 'PROVISIONED', SSESpecification: encryption } = input;
  return {
    ...location,
    arn: tableArn(location),
    id: randomUUID(),
    createdAt: now,
    keySchema: input.KeySchema ?? [],
    attributes: input.AttributeDefinitions ?? [],
    status: 'CREATING',
    billingMode,
    onDemandSince: billingMode === 'PAY_PER_REQUEST' ? now : undefined,
    throughput: throughputOf(billingMode, input.ProvisionedThroughput),
    onDemandLimits: input.OnDemandThroughput,
    tableClass: input.TableClass ?? 'STANDARD',
    isDeletionProtected: input.DeletionProtectionEnabled ?? false,
    encryption: encryption?.Enabled ? encryption : undefined,
    items: emptyCollection(),
    indexes: new Map(indexesOf(input, now).map((index) => [index.name, index])),
    meters: new Map(),
    tags: tagMap(input.Tags ?? []),
    policy: input.ResourcePolicy === undefined ? undefined : { text: input.ResourcePolicy, revision: String(now) },
  };
}

function indexesOf(input: CreateTableCommandInput, now: number): Index[] {
  const local = (input.LocalSecondaryIndexes ?? []).map((index) =>
    newIndex(
      {
        name: index.IndexName as string,
        kind: 'local',
        keySchema: index.KeySchema ?? [],
        projection: index.Projection ?? {},
        throughput: { read: 0, write: 0 },
      },
      now,
    ),
  );
  const global = (input.GlobalSecondaryIndexes ?? []).map((index) =>
    newIndex(
      {
        name: index.IndexName as string,
        kind: 'global',
        keySchema: index.KeySchema ?? [],
        projection: index.Projection ?? {},
        throughput: throughputOf(input.BillingMode, index.ProvisionedThroughput),
        onDemandLimits: index.OnDemandThroughput,
      },
      now,
    ),
  );
  return [...local, ...global];
}
