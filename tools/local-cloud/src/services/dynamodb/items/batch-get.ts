import type { BatchGetItemCommandInput, BatchGetItemCommandOutput, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { type AwsError, validationError } from '../../../errors.ts';
import { operation } from '../../../service.ts';
import type { Item } from '../attribute-values.ts';
import { consumedCapacity, sumOf } from '../capacity.ts';
import { idOf, keyOf } from '../keys.ts';
import { readyTableAt } from '../state.ts';
import { locate } from '../table-reference.ts';
import { charge, refusal } from '../throughput.ts';
import { get, getDemand, readProjection } from './get-item.ts';

/** "A single operation can retrieve up to 16 MB of data, which can contain as many as 100 items." (BatchGetItem) */
const mostItems = 100;
const largestAnswer = 16 * 1024 * 1024;

export const batchGetItem = operation<BatchGetItemCommandInput, BatchGetItemCommandOutput>({
  demands: (input, call) =>
    requestsOf(input).map(([TableName, request]) =>
      getDemand(
        'BatchGetItem',
        { ...request, TableName, ReturnConsumedCapacity: input.ReturnConsumedCapacity },
        request.Keys ?? [],
        call,
      ),
    ),
  run(input, call) {
    const wanted = requestsOf(input).map(([TableName, request]) => {
      const paths = readProjection({ ...request, TableName });
      const table = readyTableAt(locate(TableName, call), call);
      const keys = (request.Keys ?? []).map((key) => keyOf(table, key));
      if (new Set(keys.map((key) => idOf(table, key))).size < keys.length) {
        throw validationError('Provided list of item keys contains duplicates');
      }
      return { TableName, request, table, keys, paths };
    });
    const unprocessed: Record<string, KeysAndAttributes> = {};
    const responses: Record<string, Item[]> = {};
    const consumed = [];
    let [room, processed] = [largestAnswer, 0];
    let throttled: AwsError | undefined;
    for (const { TableName, request, table, keys, paths } of wanted) {
      const consumptions = [];
      const found: Item[] = [];
      for (const [i, key] of keys.entries()) {
        const { item, size, consumption } = get(table, key, paths, request.ConsistentRead ? 'consistent' : 'eventual');
        room -= size;
        const refused = refusal(call.cloud, table, consumption, 'BatchGetItem');
        if (refused) throttled = refused;
        if (refused || room < 0) {
          unprocessed[TableName] = { ...request, Keys: (request.Keys ?? []).slice(i) };
          break;
        }
        charge(call.cloud, table, consumption);
        consumptions.push(consumption);
        processed += 1;
        if (item) found.push(item);
      }
      responses[TableName] = found;
      consumed.push(consumedCapacity(table, sumOf(consumptions), input.ReturnConsumedCapacity));
    }
    // "If none of the items can be processed due to insufficient provisioned throughput …", BatchGetItem.
    if (throttled && processed === 0) throw throttled;
    const ConsumedCapacity = consumed.flatMap((each) => each ?? []);
    return {
      Responses: responses,
      UnprocessedKeys: unprocessed,
      ConsumedCapacity: ConsumedCapacity.length > 0 ? ConsumedCapacity : undefined,
    };
  },
});

function requestsOf({ RequestItems = {} }: BatchGetItemCommandInput): [string, KeysAndAttributes][] {
  const requests = Object.entries(RequestItems);
  if (requests.length === 0) {
    throw validationError('The requestItems parameter is required for BatchGetItem');
  }
  const count = requests.reduce((sum, [, { Keys }]) => sum + (Keys?.length ?? 0), 0);
  if (count > mostItems) throw validationError('Too many items requested for the BatchGetItem call');
  const empty = requests.find(([, { Keys }]) => (Keys?.length ?? 0) === 0);
  if (empty) {
    throw validationError(
      `1 validation error detected: Value '[]' at 'requestItems.${empty[0]}.member.keys' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  }
  return requests;
}
