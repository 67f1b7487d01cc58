import type { AttributeValue, ReturnConsumedCapacity, Select } from '@aws-sdk/client-dynamodb';
import { between, oneOf } from '../../../constraints.ts';
import { validationError } from '../../../errors.ts';
import type { Collection } from '../collection.ts';
import { invalidParameters, validate } from '../errors.ts';
import { attributesIn } from '../expressions/attributes-in.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import { parseProjection } from '../expressions/parse-projection.ts';
import { checkAllUsed, placeholdersOf } from '../expressions/placeholders.ts';
import type { Condition, Path } from '../expressions/syntax.ts';
import { hashName, keyNames } from '../keys.ts';
import type { Index, Table } from '../state.ts';
import { refuseLegacyParameters } from './legacy-parameters.ts';

/** What Query and Scan have in common. */
export interface ReadInput {
  readonly TableName: string | undefined;
  readonly IndexName?: string | undefined;
  readonly Select?: Select | undefined;
  readonly Limit?: number | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ExclusiveStartKey?: Record<string, AttributeValue> | undefined;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** A Query's or Scan's expressions, read. */
export interface Read {
  readonly keyCondition?: Condition | undefined;
  readonly filter?: Condition | undefined;
  readonly paths?: readonly Path[] | undefined;
  readonly select: Select;
}

/** Reads the expressions of a Query or Scan. Throws ValidationException for what can be told without the table. */
export function readExpressions(input: ReadInput, kind: 'query' | 'scan'): Read {
  const { KeyConditionExpression, FilterExpression, ProjectionExpression } = input;
  validate(
    oneOf('select', input.Select, ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES']),
    between('limit', input.Limit, 1, Number.MAX_SAFE_INTEGER),
    oneOf('returnConsumedCapacity', input.ReturnConsumedCapacity, ['INDEXES', 'TOTAL', 'NONE']),
  );
  refuseLegacyParameters(input);
  const conditions = kind === 'query' ? { FilterExpression, KeyConditionExpression } : { FilterExpression };
  const placeholders = placeholdersOf(input, { ...conditions, ProjectionExpression });
  if (kind === 'query' && KeyConditionExpression === undefined) {
    throw validationError(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const condition = (name: string, text: string | undefined) =>
    text === undefined ? undefined : parseCondition(name, text, placeholders);
  const paths = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression, placeholders);
  const filter = condition('FilterExpression', FilterExpression);
  const keyCondition = condition('KeyConditionExpression', KeyConditionExpression);
  checkAllUsed(placeholders);
  return { keyCondition, filter, paths, select: selectOf(input) };
}

function selectOf({ Select: select, IndexName, ProjectionExpression }: ReadInput): Select {
  if (ProjectionExpression !== undefined && select !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    const what = select === 'COUNT' ? 'only the Count' : select;
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (ProjectionExpression !== undefined) return 'SPECIFIC_ATTRIBUTES';
  if (select === 'SPECIFIC_ATTRIBUTES') {
    throw validationError(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  return select ?? (IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES');
}

/** What is read: the table's items or an index's, and the key they are sorted by. */
export interface Subject {
  readonly index: Index | undefined;
  readonly items: Collection;
  readonly keyNames: readonly string[];
  /** Whether what the index doesn't project is fetched from the table: local indexes do that. */
  readonly isFetching: boolean;
}

/** Throws ValidationException for an index that is not there and for what it cannot give. */
export function subjectOf(table: Table, input: ReadInput, read: Read): Subject {
  const { IndexName } = input;
  if (IndexName === undefined) {
    return { index: undefined, items: table.items, keyNames: keyNames(table.keySchema), isFetching: false };
  }
  const index = table.indexes.get(IndexName);
  if (!index) throw validationError(`The table does not have the specified index: ${IndexName}`);
  const unprojected = unprojectedBy(table, index, read);
  if (index.kind === 'global') {
    if (input.ConsistentRead) throw validationError('Consistent reads are not supported on global secondary indexes');
    if (index.status === 'CREATING') {
      throw validationError(`Cannot read from backfilling global secondary index: ${IndexName}`);
    }
    refuseUnprojected(index, read, unprojected);
  }
  const isFetching = index.kind === 'local' && unprojected.length > 0;
  return { index, items: index.items, keyNames: keyNames(index.keySchema), isFetching };
}

/** What a read wants and an index doesn't hold; `*` for whole items. */
function unprojectedBy(table: Table, index: Index, { paths, select, filter }: Read): string[] {
  const { ProjectionType, NonKeyAttributes = [] } = index.projection;
  if (ProjectionType === 'ALL') return [];
  if (select === 'ALL_ATTRIBUTES') return ['*'];
  const held = [...keyNames(table.keySchema), ...keyNames(index.keySchema), ...NonKeyAttributes];
  const wanted = attributesIn({ paths, condition: index.kind === 'local' ? filter : undefined });
  return wanted.filter((name) => !held.includes(name));
}

function refuseUnprojected(index: Index, { select }: Read, unprojected: readonly string[]): void {
  if (unprojected.length === 0) return;
  if (select === 'ALL_ATTRIBUTES') {
    throw invalidParameters(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  throw invalidParameters(`Global secondary index ${index.name} does not project [${unprojected.join(', ')}]`);
}

/** Throws ValidationException when a filter names a key attribute of what a query reads. */
export function checkFilter(filter: Condition | undefined, { keyNames: names }: Subject): void {
  const key = attributesIn({ condition: filter }).find((name) => names.includes(name));
  if (key === undefined) return;
  throw validationError(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`);
}

/** For policies: the partition key that a query's condition names, if it does. */
export function hashValueIn(condition: Condition, table: Table, indexName: string | undefined): AttributeValue[] {
  const schema = indexName === undefined ? table.keySchema : table.indexes.get(indexName)?.keySchema;
  if (!schema) return [];
  const name = hashName(schema);
  return valuesOf(name, condition);
}

function valuesOf(name: string, condition: Condition): AttributeValue[] {
  if (condition.kind === 'and') return condition.conditions.flatMap((part) => valuesOf(name, part));
  if (condition.kind !== 'compare') return [];
  const subject = condition.operands.find(({ kind }) => kind === 'path');
  const value = condition.operands.find(({ kind }) => kind === 'value');
  return subject?.kind === 'path' && subject.path[0] === name && value?.kind === 'value' ? [value.value] : [];
}
