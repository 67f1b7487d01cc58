import type { UpdateTableCommandInput, UpdateTableCommandOutput } from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { onTable } from '../demands.ts';
import { validate } from '../errors.ts';
import { begin, requireActive, type Table, tableAt } from '../state.ts';
import { locate } from '../table-reference.ts';
import { throughputOf } from './definition.ts';
import { describe } from './describe.ts';
import { type Change, changeIndexes } from './index-changes.ts';
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

function changeSettings(input: UpdateTableCommandInput, table: Table): Change {
  const { DeletionProtectionEnabled, TableClass, SSESpecification } = input;
  if (DeletionProtectionEnabled === undefined && !TableClass && !SSESpecification) return undefined;
  return () => {
    if (DeletionProtectionEnabled !== undefined) table.isDeletionProtected = DeletionProtectionEnabled;
    if (TableClass) table.tableClass = TableClass;
    if (SSESpecification) table.encryption = SSESpecification.Enabled ? SSESpecification : undefined;
  };
}
