import type { AttributeValue, GetItemCommandInput, GetItemCommandOutput } from '@aws-sdk/client-dynamodb';
import { type Call, operation } from '../../../service.ts';
import type { Item } from '../attribute-values.ts';
import { type Consumption, consumedCapacity, partitionUse, readUnits } from '../capacity.ts';
import { accessContext, demand, leadingKeysOf } from '../demands.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import { parseProjection } from '../expressions/parse-projection.ts';
import { project } from '../expressions/paths.ts';
import { checkAllUsed, placeholdersOf } from '../expressions/placeholders.ts';
import type { Path } from '../expressions/syntax.ts';
import { keyOf, placeOfItem } from '../keys.ts';
import { readyTableAt, type Table, tablesOf } from '../state.ts';
import { locate } from '../table-reference.ts';
import { meter } from '../throughput.ts';
import { refuseLegacyParameters } from './legacy-parameters.ts';
import { entryOf } from './store.ts';

export interface GetInput {
  readonly TableName: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
}

export const getItem = operation<GetItemCommandInput, GetItemCommandOutput>({
  demands: (input, call) => [getDemand('GetItem', input, [input.Key ?? {}], call)],
  run(input, call) {
    const paths = readProjection(input);
    const table = readyTableAt(locate(input.TableName, call), call);
    const mode = input.ConsistentRead ? 'consistent' : 'eventual';
    const { item, consumption } = get(table, keyOf(table, input.Key ?? {}), paths, mode);
    meter(call.cloud, table, consumption, 'GetItem');
    return { Item: item, ConsumedCapacity: consumedCapacity(table, consumption, input.ReturnConsumedCapacity) };
  },
});

/** What reading these keys of a table demands. */
export function getDemand(
  action: string,
  input: GetInput,
  keys: readonly Record<string, AttributeValue>[],
  call: Call,
  enclosingOperation?: string,
) {
  const paths = readProjection(input);
  const location = locate(input.TableName, call);
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  const context = accessContext({
    leadingKeys: leadingKeysOf(table, keys),
    attributes: [...keys.flatMap((key) => Object.keys(key)), ...attributesIn({ paths })],
    select: paths ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES',
    returnConsumedCapacity: input.ReturnConsumedCapacity,
    ...(enclosingOperation && { enclosingOperation }),
  });
  return demand(action, location, call, { context });
}

/** The paths of a ProjectionExpression, if there is one. Throws ValidationException. */
export function readProjection(input: GetInput): Path[] | undefined {
  refuseLegacyParameters(input);
  const { ProjectionExpression, ExpressionAttributeNames } = input;
  const placeholders = placeholdersOf({ ExpressionAttributeNames }, { ProjectionExpression });
  const paths = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression, placeholders);
  checkAllUsed(placeholders);
  return paths;
}

/** Reads one item by its key, in normal form. */
export function get(
  table: Table,
  key: Item,
  paths: readonly Path[] | undefined,
  mode: 'eventual' | 'consistent' | 'transaction',
): { item: Item | undefined; size: number; consumption: Consumption } {
  const entry = entryOf(table, key);
  const size = entry?.size ?? 0;
  const item = entry && paths ? project(entry.item, paths) : entry?.item;
  const units = readUnits(size, mode);
  const partitions = new Map([partitionUse(undefined, placeOfItem(table.keySchema, key).partition, units)]);
  return { item, size, consumption: { kind: 'read', table: units, indexes: new Map(), partitions } };
}
