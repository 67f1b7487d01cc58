import { InvalidPattern, isObject, type Json } from './json.ts';
import { matcherOf, operators } from './matchers.ts';

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
 * Throws {@link InvalidPattern} in the words of AWS's own compiler (`RuleCompiler` of github.com/aws/event-ruler).
 */
export function compileEventPattern(pattern: string | Json): EventMatcher {
  const parsed = typeof pattern === 'string' ? parse(pattern) : pattern;
  if (!isObject(parsed)) throw new InvalidPattern('Filter is not an object');
  return compileObject(parsed);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new InvalidPattern((error as Error).message);
  }
}

function compileObject(pattern: Readonly<Record<string, Json>>): Node {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw new InvalidPattern('Empty objects are not allowed');
  const nodes = fields.map(([name, value]) => compileField(name, value));
  const matches: Node = (value) => nodes.every((node) => node(value));
  return (value) => (Array.isArray(value) ? value.some((element) => matches(element)) : matches(value));
}

function compileField(name: string, value: Json): Node {
  const field =
    (node: Node): Node =>
    (event) =>
      node(fieldOf(event, name));
  if (name === '$or' && isAlternatives(value)) {
    const nodes = value.map((alternative) => compileObject(alternative));
    return (event) => nodes.some((node) => node(event));
  }
  if (isObject(value)) return field(compileObject(value));
  if (!Array.isArray(value)) throw new InvalidPattern(`"${name}" must be an object or an array`);
  if (value.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const matchers = value.map(matcherOf);
  return field((event) => {
    const leaves = leavesOf(event);
    return matchers.some((matches) => matches(leaves));
  });
}

/**
 * A pattern's `state.status` also finds `status` within `state`: names are joined by dots before they are compared
 * ("Considerations when creating event patterns", EventBridge User Guide).
 */
function fieldOf(event: Json | undefined, name: string): Json | undefined {
  if (!isObject(event)) return undefined;
  if (Object.hasOwn(event, name)) return event[name];
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : fieldOf(event[name.slice(0, dot)], name.slice(dot + 1));
}

/** An array of objects that are no matching expressions; anything else is a field that happens to be called `$or`. */
function isAlternatives(value: Json): value is Record<string, Json>[] {
  const isAlternative = (entry: Json) =>
    isObject(entry) && !Object.keys(entry).some((name) => operators.includes(name));
  return Array.isArray(value) && value.length > 1 && value.every(isAlternative);
}

/** The values a field has: what is in an array counts each by itself; objects are no values. */
function leavesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value];
}
