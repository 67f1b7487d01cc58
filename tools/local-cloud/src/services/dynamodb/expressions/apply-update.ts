import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validationError } from '../../../errors.ts';
import { elementsOf, equal, type Item, normalValue, typeOf } from '../attribute-values.ts';
import { add, subtract } from '../numbers.ts';
import { memberOf, valueAt } from './paths.ts';
import type { Assigned, Operand, Path, UpdateAction } from './syntax.ts';

/**
 * The item after an update. Values are taken from the item as it was, whatever the other actions do. Throws
 * ValidationException when a path leads nowhere or a value has the wrong type.
 */
export function applyUpdate(actions: readonly UpdateAction[], item: Item): Item {
  const changes = actions.map((action) => ({ path: action.path, value: newValue(action, item) }));
  const set = changes.filter(({ value }) => value !== undefined);
  const removed = changes.filter(({ value }) => value === undefined);
  let root: AttributeValue = { M: item };
  // Elements beyond a list's end are appended in the order of their indexes; elements go from the last to the first,
  // so that each index means what it meant before.
  for (const { path, value } of set.sort(byLastIndex)) root = change(root, path, value);
  for (const { path } of removed.sort(byLastIndex).reverse()) root = change(root, path, undefined);
  return root.M as Item;
}

function byLastIndex(one: { path: Path }, other: { path: Path }): number {
  return lastIndex(one.path) - lastIndex(other.path);
}

function lastIndex(path: Path): number {
  const part = path.at(-1);
  return typeof part === 'number' ? part : -1;
}

/** What an action puts at its path; `undefined` when it takes away what is there. */
function newValue(action: UpdateAction, item: Item): AttributeValue | undefined {
  if (action.kind === 'REMOVE') return undefined;
  if (action.kind === 'SET') return assigned(action.value, item);
  const present = valueAt(item, action.path);
  return action.kind === 'ADD' ? added(present, action.value) : without(present, action.value);
}

function assigned(value: Assigned, item: Item): AttributeValue {
  if (value.kind !== '+' && value.kind !== '-') return resolve(value, item);
  const [left, right] = value.operands.map((operand) => resolve(operand, item).N);
  if (left === undefined || right === undefined) throw wrongType();
  return { N: value.kind === '+' ? add(left, right) : subtract(left, right) };
}

function resolve(operand: Operand, item: Item): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') {
    const value = valueAt(item, operand.path);
    if (value) return value;
    throw validationError('The provided expression refers to an attribute that does not exist in the item');
  }
  const [first, second] = operand.operands as readonly [Operand, Operand];
  if (operand.name === 'if_not_exists') {
    return (first.kind === 'path' && valueAt(item, first.path)) || resolve(second, item);
  }
  const [left, right] = [resolve(first, item).L, resolve(second, item).L];
  if (!left || !right) throw wrongType();
  return { L: [...left, ...right] };
}

function added(present: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (!present) return value;
  if (typeOf(present) !== typeOf(value)) throw wrongType();
  if (value.N !== undefined) return { N: add(present.N as string, value.N) };
  const fresh = elementsOf(value).filter((member) => !elementsOf(present).some((other) => equal(member, other)));
  return normalValue(setOf(value, [...elementsOf(present), ...fresh]));
}

function without(present: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (!present) return undefined;
  if (typeOf(present) !== typeOf(value)) throw wrongType();
  const kept = elementsOf(present).filter((member) => !elementsOf(value).some((other) => equal(member, other)));
  return kept.length > 0 ? setOf(value, kept) : undefined;
}

/** A set of the type of another one. */
function setOf(like: AttributeValue, members: readonly AttributeValue[]): AttributeValue {
  if (like.SS) return { SS: members.map(({ S }) => S as string) };
  if (like.NS) return { NS: members.map(({ N }) => N as string) };
  return { BS: members.map(({ B }) => B as Uint8Array) };
}

function wrongType() {
  return validationError('An operand in the update expression has an incorrect data type');
}

/** A copy of a map or list with one place in it changed. */
function change(container: AttributeValue, path: readonly (string | number)[], value?: AttributeValue): AttributeValue {
  const [part, ...rest] = path as [string | number, ...(string | number)[]];
  let next = value;
  if (rest.length > 0) {
    const inner = memberOf(container, part);
    if (!inner) throw nowhere();
    next = change(inner, rest, value);
  }
  if (typeof part === 'string' && container.M) {
    const others = Object.entries(container.M).filter(([name]) => name !== part);
    return { M: Object.fromEntries(next ? [...others, [part, next]] : others) };
  }
  if (typeof part === 'number' && container.L) {
    if (next) return { L: part < container.L.length ? container.L.with(part, next) : [...container.L, next] };
    return { L: container.L.toSpliced(part, 1) };
  }
  throw nowhere();
}

function nowhere() {
  return validationError('The document path provided in the update expression is invalid for update');
}
