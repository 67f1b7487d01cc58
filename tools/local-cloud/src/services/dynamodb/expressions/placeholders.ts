import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError, validationError } from '../../../errors.ts';
import { type Item, normalValue } from '../attribute-values.ts';

/** What a request's expressions share: its names and values, and which of them were used. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
}

export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/**
 * The placeholders of a request. `expressions` are those that it has, by parameter name. Throws ValidationException for
 * placeholders without an expression, for empty maps, malformed names and malformed values.
 */
export function placeholdersOf(
  input: PlaceholderInput,
  expressions: Readonly<Record<string, string | undefined>>,
): Placeholders {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  checkExpressions(names !== undefined, values !== undefined, expressions);
  checkKeys('ExpressionAttributeNames', names, '#');
  checkKeys('ExpressionAttributeValues', values, ':');
  return {
    names: names ?? {},
    values: Object.fromEntries(
      Object.entries(values ?? {}).map(([key, value]) => [key, normalPlaceholder(key, value)]),
    ),
    usedNames: new Set(),
    usedValues: new Set(),
  };
}

function checkExpressions(hasNames: boolean, hasValues: boolean, expressions: Readonly<Record<string, unknown>>) {
  if (Object.values(expressions).some((text) => text !== undefined)) {
    const takeValues = Object.entries(expressions).filter(([name]) => name !== 'ProjectionExpression');
    if (!hasValues || takeValues.some(([, text]) => text !== undefined)) return;
  } else if (hasNames) {
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (!hasValues) return;
  const names = Object.keys(expressions).filter((name) => name !== 'ProjectionExpression');
  const absent = names.length === 0 ? '' : `: ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} null`;
  throw validationError(`ExpressionAttributeValues can only be specified when using expressions${absent}`);
}

function checkKeys(parameter: string, map: object | undefined, mark: '#' | ':'): void {
  if (map === undefined) return;
  const keys = Object.keys(map);
  if (keys.length === 0) throw validationError(`${parameter} must not be empty`);
  const wrong = keys.find((key) => !new RegExp(`^${mark}[A-Za-z0-9_]+$`).test(key));
  if (wrong !== undefined) throw validationError(`${parameter} contains invalid key: Syntax error; key: "${wrong}"`);
}

function normalPlaceholder(key: string, value: AttributeValue): AttributeValue {
  try {
    return normalValue(value);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`);
  }
}

/** Throws ValidationException when a name or value was in no expression. Called once all were read. */
export function checkAllUsed({ names, values, usedNames, usedValues }: Placeholders): void {
  refuseUnused('ExpressionAttributeNames', Object.keys(names), usedNames);
  refuseUnused('ExpressionAttributeValues', Object.keys(values), usedValues);
}

function refuseUnused(parameter: string, keys: readonly string[], used: ReadonlySet<string>): void {
  const unused = keys.filter((key) => !used.has(key));
  if (unused.length === 0) return;
  throw validationError(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
}
