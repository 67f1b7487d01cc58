import type {
  CancellationReason,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { lengthBetween } from '../../../constraints.ts';
import { AwsError, validationError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { itemSize } from '../attribute-values.ts';
import { consumedByWrite, consumedCapacity, sumOf } from '../capacity.ts';
import { accessContext, demand, leadingKeysOf } from '../demands.ts';
import { validate } from '../errors.ts';
import { readyTableAt, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { charge, refusal } from '../throughput.ts';
import { collectionMetrics } from './collection-metrics.ts';
import { commit } from './commit.ts';
import { recall, remember } from './idempotency.ts';
import { byTable, checkTransaction, largestTransaction } from './transaction.ts';
import {
  attributesOfWrite,
  keyOfWrite,
  type Outcome,
  outcomeOf,
  readWrite,
  type Write,
  type WriteInput,
} from './write.ts';

export const transactWriteItems = operation<TransactWriteItemsCommandInput, TransactWriteItemsCommandOutput>({
  demands: (input, call) =>
    actionsOf(input).map(({ action, kind, request }) => {
      const location = locate(request.TableName, call);
      const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
      const write = readWrite(kind, request);
      const context = accessContext({
        leadingKeys: leadingKeysOf(table, [write.given]),
        attributes: attributesOfWrite(write),
        returnConsumedCapacity: input.ReturnConsumedCapacity,
        returnValues: write.returnOldOnFailure ? 'ALL_OLD' : 'NONE',
        enclosingOperation: 'TransactWriteItems',
      });
      return demand(action, location, call, { context });
    }),
  run(input, call) {
    validate(lengthBetween('clientRequestToken', input.ClientRequestToken, 1, 36));
    const repeated = recall(input, call);
    if (repeated) return repeated;
    const output = transact(input, call);
    remember(input, call, output);
    return output;
  },
});

/** All or nothing: every outcome is known before the first is carried out, and nothing else runs in between. */
function transact(input: TransactWriteItemsCommandInput, call: Call) {
  const writes = actionsOf(input).map(({ kind, request }) => {
    const write = readWrite(kind, request);
    const table = readyTableAt(locate(request.TableName, call), call);
    return { table, write, key: keyOfWrite(table, write) };
  });
  checkTransaction(writes);
  const outcomes = attemptAll(writes, ({ table, write, key }) => outcomeOf(table, write, key));
  const size = outcomes.reduce((sum, { after }) => sum + (after ? itemSize(after) : 0), 0);
  if (size > largestTransaction) {
    throw validationError('Aggregate size of items in the transaction has exceeded the maximum allowed size of 4 MB');
  }
  const planned = writes.map(({ table }, i) => {
    const outcome = outcomes[i] as Outcome;
    return { table, outcome, consumption: consumedByWrite(table, outcome.before, outcome.after, true) };
  });
  const totals = byTable(planned).map(([table, each]) => ({
    table,
    consumption: sumOf(each.map(({ consumption }) => consumption)),
  }));
  const refusals = new Map(
    totals.map(({ table, consumption }) => [table, refusal(call.cloud, table, consumption, 'TransactWriteItems')]),
  );
  attemptAll(writes, ({ table }) => {
    const refused = refusals.get(table);
    if (refused) throw refused;
  });
  for (const { table, outcome } of planned) commit(call.cloud, table, outcome);
  const consumed = totals.flatMap(({ table, consumption }) => {
    charge(call.cloud, table, consumption);
    return consumedCapacity(table, consumption, input.ReturnConsumedCapacity, true) ?? [];
  });
  const ItemCollectionMetrics = byTable(writes).flatMap(([table, each]) => {
    const metrics = each.flatMap(({ key }) => collectionMetrics(table, key, input.ReturnItemCollectionMetrics) ?? []);
    return metrics.length > 0 ? [[table.name, metrics]] : [];
  });
  return {
    ConsumedCapacity: consumed.length > 0 ? consumed : undefined,
    ItemCollectionMetrics: ItemCollectionMetrics.length > 0 ? Object.fromEntries(ItemCollectionMetrics) : undefined,
  };
}

/** Throws TransactionCanceledException with a reason for each action unless none of them throws. */
function attemptAll<Action, Result>(actions: readonly Action[], attempt: (action: Action) => Result): Result[] {
  const results: Result[] = [];
  const reasons = actions.map((action): CancellationReason => {
    try {
      results.push(attempt(action));
      return { Code: 'None' };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Code: reasonCodes[error.code] ?? 'ValidationError', Message: error.message, ...error.members };
    }
  });
  if (reasons.every(({ Code }) => Code === 'None')) return results;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

/** "Cancellation reason codes and possible error messages", TransactWriteItems, API Reference. */
const reasonCodes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  ThrottlingException: 'ThrottlingError',
};

interface Action {
  /** The IAM action: transactions need the permissions of what they do. */
  readonly action: string;
  readonly kind: Write['kind'];
  readonly request: WriteInput;
}

function actionsOf({ TransactItems = [] }: TransactWriteItemsCommandInput): Action[] {
  return TransactItems.map((item) => {
    const found = [
      actionOf('ConditionCheckItem', 'check', item.ConditionCheck),
      actionOf('PutItem', 'put', item.Put),
      actionOf('UpdateItem', 'update', item.Update),
      actionOf('DeleteItem', 'delete', item.Delete),
    ].filter((action) => action !== undefined);
    if (found.length === 1) return found[0] as Action;
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  });
}

function actionOf(
  action: string,
  kind: Write['kind'],
  request: TransactWriteItem[keyof TransactWriteItem],
): Action | undefined {
  return request && { action, kind, request };
}
