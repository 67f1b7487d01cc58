import type { AttributeValue, ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import { AwsError, validationError } from '../../../errors.ts';
import { type Item, itemSize, normalItem } from '../attribute-values.ts';
import { invalidParameters } from '../errors.ts';
import { applyUpdate } from '../expressions/apply-update.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import { holds } from '../expressions/evaluate.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import { parseUpdate } from '../expressions/parse-update.ts';
import { checkAllUsed, placeholdersOf } from '../expressions/placeholders.ts';
import type { Condition, UpdateAction } from '../expressions/syntax.ts';
import { checkIndexKeys, checkItemKeys, keyNames, keyOf, pick } from '../keys.ts';
import type { Table } from '../state.ts';
import { refuseLegacyParameters } from './legacy-parameters.ts';
import { entryOf } from './store.ts';

/** "Item size: 400 KB", names included ("Quotas in Amazon DynamoDB", Developer Guide). */
const largestItem = 400 * 1024;

/** What PutItem, UpdateItem, DeleteItem and the members of a transaction have in common. */
export interface WriteInput {
  readonly TableName: string | undefined;
  readonly Item?: Record<string, AttributeValue> | undefined;
  readonly Key?: Record<string, AttributeValue> | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | undefined;
}

/** One change of one item, its expressions read. */
export interface Write {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  /** In normal form; of a put, the whole item. */
  readonly given: Item;
  readonly condition?: Condition | undefined;
  readonly actions: readonly UpdateAction[];
  readonly returnOldOnFailure: boolean;
}

/** What a write does to its item; `after` absent: it is no longer there. */
export interface Outcome {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Reads the expressions of a write. Throws ValidationException for what can be told without the table. */
export function readWrite(kind: Write['kind'], input: WriteInput): Write {
  refuseLegacyParameters(input);
  const { ConditionExpression, UpdateExpression } = input;
  const expressions = kind === 'update' ? { UpdateExpression, ConditionExpression } : { ConditionExpression };
  const placeholders = placeholdersOf(input, expressions);
  const given = kind === 'put' ? normalItem(input.Item ?? {}) : (input.Key ?? {});
  const actions =
    kind === 'update' && UpdateExpression !== undefined ? parseUpdate(UpdateExpression, placeholders) : [];
  const condition =
    ConditionExpression === undefined
      ? undefined
      : parseCondition('ConditionExpression', ConditionExpression, placeholders);
  checkAllUsed(placeholders);
  return {
    kind,
    given,
    condition,
    actions,
    returnOldOnFailure: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
}

/** The key of a write, checked against the table. Throws ValidationException. */
export function keyOfWrite(table: Table, write: Write): Item {
  const names = keyNames(table.keySchema);
  if (write.kind !== 'put') {
    const part = write.actions.find(({ path }) => names.includes(path[0]));
    if (part) throw invalidParameters(`Cannot update attribute ${part.path[0]}. This attribute is part of the key`);
    return keyOf(table, write.given);
  }
  checkItemKeys(table, write.given);
  if (itemSize(write.given) > largestItem) throw validationError('Item size has exceeded the maximum allowed size');
  return pick(write.given, names);
}

/**
 * What a write does, without doing it. Throws ConditionalCheckFailedException, and ValidationException for an update that
 * leads nowhere or makes the item too large.
 */
export function outcomeOf(table: Table, write: Write, key: Item): Outcome {
  const before = entryOf(table, key)?.item;
  if (write.condition && !holds(write.condition, before ?? {})) {
    const members = write.returnOldOnFailure && before ? { Item: before } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { members });
  }
  if (write.kind === 'put') return { before, after: write.given };
  if (write.kind === 'delete') return { before, after: undefined };
  if (write.kind === 'check') return { before, after: before };
  const after = applyUpdate(write.actions, before ?? key);
  if (itemSize(after) > largestItem) {
    throw validationError('Item size to update has exceeded the maximum allowed size');
  }
  const touched = new Set(write.actions.map(({ path }) => path[0]));
  for (const index of table.indexes.values()) {
    if (keyNames(index.keySchema).some((name) => touched.has(name))) checkIndexKeys(table, index, after, 'update');
  }
  return { before, after };
}

/** Names of the top-level attributes a write names. */
export function attributesOfWrite({ given, condition, actions }: Write): string[] {
  return [...Object.keys(given), ...attributesIn({ condition, actions })];
}
