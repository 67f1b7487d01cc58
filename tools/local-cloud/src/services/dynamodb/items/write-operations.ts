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
import { validationError } from '../../../errors.ts';
import { type Call, type Demand, operation } from '../../../service.ts';
import type { Item } from '../attribute-values.ts';
import { consumedCapacity } from '../capacity.ts';
import { accessContext, demand, leadingKeysOf } from '../demands.ts';
import { validate } from '../errors.ts';
import { project } from '../expressions/paths.ts';
import { readyTableAt, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { commit } from './commit.ts';
import { attributesOfWrite, keyOfWrite, outcomeOf, readWrite, type Write } from './write.ts';

type Input = PutItemCommandInput | UpdateItemCommandInput | DeleteItemCommandInput;

export const putItem = operation<PutItemCommandInput, PutItemCommandOutput>({
  demands: (input, call) => demandsOf('PutItem', 'put', input, call),
  run: (input, call) => run('put', input, call),
});

export const updateItem = operation<UpdateItemCommandInput, UpdateItemCommandOutput>({
  demands: (input, call) => demandsOf('UpdateItem', 'update', input, call),
  run: (input, call) => run('update', input, call),
});

export const deleteItem = operation<DeleteItemCommandInput, DeleteItemCommandOutput>({
  demands: (input, call) => demandsOf('DeleteItem', 'delete', input, call),
  run: (input, call) => run('delete', input, call),
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

function run(kind: Write['kind'], input: Input, call: Call) {
  const write = read(kind, input);
  const table = readyTableAt(locate(input.TableName, call), call);
  const outcome = outcomeOf(table, write, keyOfWrite(table, write));
  const consumption = commit(call.cloud, table, outcome);
  return {
    Attributes: returned(input.ReturnValues, write, outcome),
    ConsumedCapacity: consumedCapacity(table, consumption, input.ReturnConsumedCapacity),
  };
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
