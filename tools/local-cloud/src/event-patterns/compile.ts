import { InvalidPattern, isObject, type Json } from './json.ts';
import { matcherOf } from './matchers.ts';

export { InvalidPattern } from './json.ts';

/** Says whether an event (parsed JSON) matches. */
export type EventMatcher = (event: Json) => boolean;

type Node = (value: Json | undefined) => boolean;

/**
 * Reads an event pattern as EventBridge, Lambda's filter criteria and SNS's payload filters write it: fields are joined by
 * and, the values of an array by or, `$or` joins alternatives ("Amazon EventBridge event patterns" and "Comparison
 * operators for use in event patterns", EventBridge User Guide). An array in the event matches when one of its elements
 * does; fields of objects in an array have to match within the same object.
 *
 * Numbers compare by value: EventBridge also tells 300 from 3.0e2, which parsed JSON no longer does.
 *
 * Throws {@link InvalidPattern} with the field and the way it should be written.
 */
export function compileEventPattern(pattern: string | Json): EventMatcher {
  const parsed = typeof pattern === 'string' ? parse(pattern) : pattern;
  if (!isObject(parsed)) throw new InvalidPattern('Filter is not an object');
  return compileObject(parsed, []);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new InvalidPattern(`Filter is not valid JSON: ${(error as Error).message}`);
  }
}

function compileObject(pattern: Readonly<Record<string, Json>>, path: readonly string[]): Node {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new InvalidPattern(`Empty objects are not allowed${where(path)}`);
  const nodes = fields.map(([name, value]) => compileField(name, value, path));
  const matches: Node = (value) => nodes.every((node) => node(value));
  return (value) => (Array.isArray(value) ? value.some((element) => matches(element)) : matches(value));
}

function compileField(name: string, value: Json, path: readonly string[]): Node {
  const own = [...path, name];
  const field =
    (node: Node): Node =>
    (event) =>
      node(isObject(event) ? event[name] : undefined);
  if (name === '$or' && isAlternatives(value)) {
    const nodes = value.map((alternative) => compileObject(alternative, path));
    return (event) => nodes.some((node) => node(event));
  }
  if (isObject(value)) return field(compileObject(value, own));
  if (!Array.isArray(value)) {
    throw new InvalidPattern(`"${own.join('.')}" must be an object or an array`);
  }
  if (value.length === 0) throw new InvalidPattern(`Empty arrays are not allowed${where(own)}`);
  const matchers = value.map((entry) => matcherOf(entry, own.join('.')));
  return field((event) => {
    const leaves = leavesOf(event);
    return matchers.some((matches) => matches(leaves));
  });
}

/** An array of objects that are no matching expressions; anything else is a field that happens to be called `$or`. */
function isAlternatives(value: Json): value is Record<string, Json>[] {
  return Array.isArray(value) && value.length > 1 && value.every((entry) => isObject(entry));
}

/** The values a field has: what is in an array counts each by itself; objects are no values. */
function leavesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value];
}

const where = (path: readonly string[]) => (path.length > 0 ? ` at "${path.join('.')}"` : '');
