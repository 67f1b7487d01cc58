import type {
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  ReturnValue,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { oneOf } from '../../../constraints.ts';
import { AwsError, validationError } from '../../../errors.ts';
import { emitDynamodbMetric } from '../../../metrics/dynamodb-metrics.ts';
import { type Call, type Demand, operation } from '../../../service.ts';
import type { Item } from '../attribute-values.ts';
import { consumedByWrite, consumedCapacity } from '../capacity.ts';
import { accessContext, demand, leadingKeysOf } from '../demands.ts';
import { validate } from '../errors.ts';
import { project } from '../expressions/paths.ts';
import { readyTableAt, type Table, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { meter } from '../throughput.ts';
import { collectionMetrics } from './collection-metrics.ts';
import { commitMetered } from './commit.ts';
import { entryOf } from './store.ts';
import { attributesOfWrite, keyOfWrite, type Outcome, outcomeOf, readWrite, type Write } from './write.ts';

type Input = PutItemCommandInput | UpdateItemCommandInput | DeleteItemCommandInput;

export const putItem = operation<PutItemCommandInput, PutItemCommandOutput>({
  demands: (input, call) => demandsOf('PutItem', 'put', input, call),
  run: (input, call) => run('PutItem', 'put', input, call),
});

export const updateItem = operation<UpdateItemCommandInput, UpdateItemCommandOutput>({
  demands: (input, call) => demandsOf('UpdateItem', 'update', input, call),
  run: (input, call) => run('UpdateItem', 'update', input, call),
});

export const deleteItem = operation<DeleteItemCommandInput, DeleteItemCommandOutput>({
  demands: (input, call) => demandsOf('DeleteItem', 'delete', input, call),
  run: (input, call) => run('DeleteItem', 'delete', input, call),
});

function demandsOf(action: string, kind: Write['kind'], input: Input, call: Call): readonly Demand[] {
  const write = read(kind, input);
  const location = locate(input.TableName, call);
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  const context = accessContext({
    leadingKeys: leadingKeysOf(table, [write.given]),
    attributes: attributesOfWrite(write),
    returnValues: input.ReturnValues ?? 'NONE',
    returnConsumedCapacity: input.ReturnConsumedCapacity,
  });
  return [demand(action, location, call, { context })];
}

const returnable: Readonly<Record<Write['kind'], readonly ReturnValue[]>> = {
  put: ['NONE', 'ALL_OLD'],
  update: ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'],
  delete: ['NONE', 'ALL_OLD'],
  check: [],
};

function read(kind: Write['kind'], input: Input): Write {
  const { ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics } = input;
  validate(
    oneOf('returnConsumedCapacity', ReturnConsumedCapacity, ['INDEXES', 'TOTAL', 'NONE']),
    oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, ['SIZE', 'NONE']),
    oneOf('returnValues', ReturnValues, ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW']),
  );
  if (ReturnValues !== undefined && !returnable[kind].includes(ReturnValues)) {
    throw validationError('Return values set to invalid value');
  }
  return readWrite(kind, input);
}

function run(operation: string, kind: Write['kind'], input: Input, call: Call) {
  const write = read(kind, input);
  const table = readyTableAt(locate(input.TableName, call), call);
  const key = keyOfWrite(table, write);
  const outcome = decide(table, write, key, call, operation);
  const consumption = commitMetered(call.cloud, table, outcome, operation);
  return {
    Attributes: returned(input.ReturnValues, write, outcome),
    ConsumedCapacity: consumedCapacity(table, consumption, input.ReturnConsumedCapacity),
    ItemCollectionMetrics: collectionMetrics(table, key, input.ReturnItemCollectionMetrics),
  };
}

/** "If a ConditionExpression evaluates to false during a conditional write, DynamoDB still consumes write capacity." */
function decide(table: Table, write: Write, key: Item, { cloud }: Call, operation: string): Outcome {
  try {
    return outcomeOf(table, write, key);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') {
      const item = entryOf(table, key)?.item;
      meter(cloud, table, consumedByWrite(table, item, item), operation);
      emitDynamodbMetric(cloud, table, 'ConditionalCheckFailedRequests', 1);
    }
    throw error;
  }
}

function returned(
  wanted: ReturnValue | undefined,
  { actions }: Write,
  { before, after }: { before: Item | undefined; after: Item | undefined },
): Item | undefined {
  if (wanted === 'ALL_OLD') return before;
  if (wanted === 'ALL_NEW') return after;
  const item = wanted === 'UPDATED_OLD' ? before : wanted === 'UPDATED_NEW' ? after : undefined;
  const attributes =
    item &&
    project(
      item,
      actions.map(({ path }) => path),
    );
  return attributes && Object.keys(attributes).length > 0 ? attributes : undefined;
}
