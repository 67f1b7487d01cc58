import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { PolicyDocument } from '../../iam/policy-document.ts';
import type { Call, Demand } from '../../service.ts';
import { attributeOf, type Item } from './attribute-values.ts';
import { hashName } from './keys.ts';
import { type Table, tablesOf } from './state.ts';
import { locate, locateArn, type TableLocation, tableArn } from './table-reference.ts';

/** Demands one `dynamodb:` action on the table the input names. */
export function onTable(action: string) {
  return (input: { TableName: string | undefined }, call: Call): readonly Demand[] => [
    demand(action, locate(input.TableName, call), call),
  ];
}

/** The same for operations that name it by ResourceArn. */
export function onResource(action: string) {
  return (input: { ResourceArn: string | undefined }, call: Call): readonly Demand[] => [
    demand(action, locateArn(input.ResourceArn ?? ''), call),
  ];
}

/** One action on a table, or on one of its indexes; the table's resource policy counts for both. */
export function demand(
  action: string,
  location: TableLocation,
  call: Call,
  { index, context }: { index?: string | undefined; context?: Demand['context'] } = {},
): Demand {
  const arn = tableArn(location);
  const policy = tablesOf(call.cloud, location.account, location.region).get(location.name)?.policy?.text;
  return {
    action: `dynamodb:${action}`,
    resource: index === undefined ? arn : `${arn}/index/${index}`,
    context,
    resourcePolicy: policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument),
  };
}

/** What a request says of itself, for the condition keys of fine-grained access. */
export interface Access {
  /** Partition keys of the items it touches. */
  readonly leadingKeys?: readonly AttributeValue[];
  /** Names of the top-level attributes it names or writes. */
  readonly attributes?: readonly string[];
  readonly select?: string | undefined;
  readonly returnValues?: string | undefined;
  readonly returnConsumedCapacity?: string | undefined;
  /** The transaction it is part of. */
  readonly enclosingOperation?: string;
  /** Of a Scan. */
  readonly isFullTableScan?: boolean;
}

/**
 * Condition keys of "Using IAM policy conditions for fine-grained access control", DynamoDB Developer Guide. A key that
 * the request says nothing about is not there at all: `ForAllValues` then holds, which is why AWS's examples leave Scan
 * out of the allowed actions.
 */
export function accessContext(access: Access): NonNullable<Demand['context']> {
  const { leadingKeys, attributes, select, returnValues, returnConsumedCapacity } = access;
  const context: Record<string, string | readonly string[]> = {};
  if (leadingKeys && leadingKeys.length > 0) context['dynamodb:LeadingKeys'] = unique(leadingKeys.map(keyText));
  if (attributes && attributes.length > 0) context['dynamodb:Attributes'] = unique(attributes);
  if (select) context['dynamodb:Select'] = select;
  if (returnValues) context['dynamodb:ReturnValues'] = returnValues;
  if (returnConsumedCapacity) context['dynamodb:ReturnConsumedCapacity'] = returnConsumedCapacity;
  if (access.enclosingOperation) context['dynamodb:EnclosingOperation'] = access.enclosingOperation;
  if (access.isFullTableScan) context['dynamodb:FullTableScan'] = 'true';
  return context;
}

/** The partition keys of items or keys; none while the table is not there, which the operation itself answers. */
export function leadingKeysOf(table: Table | undefined, items: readonly Item[]): AttributeValue[] {
  if (!table) return [];
  const name = hashName(table.keySchema);
  return items.flatMap((item) => attributeOf(item, name) ?? []);
}

function keyText(value: AttributeValue): string {
  return value.S ?? value.N ?? (value.B ? Buffer.from(value.B).toString('base64') : '');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
