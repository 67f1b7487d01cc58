import type { TransactGetItemsCommandInput, TransactGetItemsCommandOutput } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import { consumedCapacity, sumOf } from '../capacity.ts';
import { keyOf } from '../keys.ts';
import { readyTableAt, type Table } from '../state.ts';
import { locate } from '../table-reference.ts';
import { meter } from '../throughput.ts';
import { get, getDemand, readProjection } from './get-item.ts';
import { byTable, checkTransaction, largestTransaction } from './transaction.ts';

export const transactGetItems = operation<TransactGetItemsCommandInput, TransactGetItemsCommandOutput>({
  demands: (input, call) =>
    getsOf(input).map((request) => {
      const { ReturnConsumedCapacity } = input;
      return getDemand(
        'GetItem',
        { ...request, ReturnConsumedCapacity },
        [request.Key ?? {}],
        call,
        'TransactGetItems',
      );
    }),
  run(input, call) {
    const wanted = getsOf(input).map((request) => {
      const paths = readProjection(request);
      const table = readyTableAt(locate(request.TableName, call), call);
      return { table, paths, key: keyOf(table, request.Key ?? {}) };
    });
    checkTransaction(wanted);
    const found = wanted.map(({ table, key, paths }) => ({ table, ...get(table, key, paths, 'transaction') }));
    if (found.reduce((sum, { size }) => sum + size, 0) > largestTransaction) {
      throw validationError('Aggregate size of items in the transaction has exceeded the maximum allowed size of 4 MB');
    }
    for (const [table, reads] of byTable(found)) {
      meter(call.cloud, table, sumOf(reads.map(({ consumption }) => consumption)), 'TransactGetItems');
    }
    const consumed = byTable(found).flatMap(
      ([table, reads]: [Table, typeof found]) =>
        consumedCapacity(
          table,
          sumOf(reads.map(({ consumption }) => consumption)),
          input.ReturnConsumedCapacity,
          true,
        ) ?? [],
    );
    return {
      Responses: found.map(({ item }) => ({ Item: item })),
      ConsumedCapacity: consumed.length > 0 ? consumed : undefined,
    };
  },
});

function getsOf({ TransactItems = [] }: TransactGetItemsCommandInput) {
  return TransactItems.map(({ Get }) => {
    if (!Get) throw validationError('TransactItems can only contain Get');
    return Get;
  });
}
