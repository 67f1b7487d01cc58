import type { BatchWriteItemCommandInput, BatchWriteItemCommandOutput, WriteRequest } from '@aws-sdk/client-dynamodb';
import { AwsError, validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { type Consumption, consumedCapacity, sumOf } from '../capacity.ts';
import { accessContext, demand, leadingKeysOf } from '../demands.ts';
import { idOf } from '../keys.ts';
import { readyTableAt, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { isThrottled } from '../throughput.ts';
import { collectionMetrics } from './collection-metrics.ts';
import { commitMetered } from './commit.ts';
import { attributesOfWrite, keyOfWrite, outcomeOf, readWrite, type Write } from './write.ts';

/** "as many as 25 item put or delete operations" (BatchWriteItem, API Reference) */
const mostWrites = 25;

export const batchWriteItem = operation<BatchWriteItemCommandInput, BatchWriteItemCommandOutput>({
  demands: (input, call) =>
    requestsOf(input).map(([name, requests]) => {
      const location = locate(name, call);
      const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
      const writes = requests.map((request) => writeOf(name, request));
      const context = accessContext({
        leadingKeys: leadingKeysOf(
          table,
          writes.map(({ given }) => given),
        ),
        attributes: writes.flatMap(attributesOfWrite),
        returnConsumedCapacity: input.ReturnConsumedCapacity,
      });
      return demand('BatchWriteItem', location, call, { context });
    }),
  run(input, call) {
    const wanted = requestsOf(input).map(([name, requests]) => {
      const table = readyTableAt(locate(name, call), call);
      const writes = requests.map((request) => {
        const write = writeOf(name, request);
        return { request, write, key: keyOfWrite(table, write) };
      });
      if (new Set(writes.map(({ key }) => idOf(table, key))).size < writes.length) {
        throw validationError('Provided list of item keys contains duplicates');
      }
      return { name, table, writes };
    });
    const unprocessed: Record<string, WriteRequest[]> = {};
    let throttled: AwsError | undefined;
    let processed = 0;
    const consumed = wanted.map(({ name, table, writes }) => {
      const consumptions: Consumption[] = [];
      for (const { request, write, key } of writes) {
        const done = attempt(() => commitMetered(call.cloud, table, outcomeOf(table, write, key), 'BatchWriteItem'));
        if (done instanceof AwsError) {
          throttled = done;
          unprocessed[name] = [...(unprocessed[name] ?? []), request];
        } else consumptions.push(done);
      }
      processed += consumptions.length;
      return consumedCapacity(table, sumOf(consumptions), input.ReturnConsumedCapacity);
    });
    // "If none of the items can be processed due to insufficient provisioned throughput …", BatchWriteItem.
    if (throttled && processed === 0) throw throttled;
    const ItemCollectionMetrics = wanted.flatMap(({ name, table, writes }) => {
      const metrics = writes.flatMap(
        ({ key }) => collectionMetrics(table, key, input.ReturnItemCollectionMetrics) ?? [],
      );
      return metrics.length > 0 ? [[name, metrics]] : [];
    });
    const ConsumedCapacity = consumed.flatMap((each) => each ?? []);
    return {
      UnprocessedItems: unprocessed,
      ItemCollectionMetrics: Object.fromEntries(ItemCollectionMetrics),
      ConsumedCapacity: ConsumedCapacity.length > 0 ? ConsumedCapacity : undefined,
    };
  },
});

/** What it answers, or the error when it was throttled. */
function attempt(write: () => Consumption): Consumption | AwsError {
  try {
    return write();
  } catch (error) {
    if (isThrottled(error)) return error;
    throw error;
  }
}

function writeOf(TableName: string, { PutRequest, DeleteRequest }: WriteRequest): Write {
  if (PutRequest && DeleteRequest) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (PutRequest) return readWrite('put', { TableName, Item: PutRequest.Item });
  if (DeleteRequest) return readWrite('delete', { TableName, Key: DeleteRequest.Key });
  throw validationError('Supplied WriteRequest is empty: it must contain exactly one of PutRequest and DeleteRequest');
}

function requestsOf({ RequestItems = {} }: BatchWriteItemCommandInput): [string, WriteRequest[]][] {
  const requests = Object.entries(RequestItems);
  const count = requests.reduce((sum, [, writes]) => sum + writes.length, 0);
  if (requests.length === 0) {
    throw validationError(
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  if (count > mostWrites) throw validationError('Too many items requested for the BatchWriteItem call');
  if (requests.some(([, writes]) => writes.length === 0)) {
    throw validationError(
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
    );
  }
  return requests;
}
