import { isObject, type Json } from '../../event-patterns/json.ts';

/** Finds a value in an event; `undefined` when it is not there. A path with `*` finds a list of all that match. */
export type JsonPath = (event: Json) => Json | undefined;

const step = /\.(?<name>\*|[\p{L}\p{N}_/-]+)|\[(?<index>\*|\d+)\]/u;

/**
 * Reads the part of JSONPath that EventBridge knows: dot notation with letters, digits, dashes, underscores and slashes,
 * array indices and `*` ("Amazon EventBridge input transformation", User Guide). `undefined` when it is something else.
 */
export function readJsonPath(path: string): JsonPath | undefined {
  if (!new RegExp(`^\\$(?:${step.source})*$`, 'u').test(path)) return undefined;
  const steps = [...path.matchAll(new RegExp(step.source, 'gu'))].map(
    ({ groups }) => groups?.['name'] ?? groups?.['index'] ?? '',
  );
  const isList = steps.includes('*');
  return (event) => {
    const found = steps.reduce<Json[]>((values, name) => values.flatMap((value) => stepInto(value, name)), [event]);
    return isList ? found : found[0];
  };
}

function stepInto(value: Json, name: string): readonly Json[] {
  if (Array.isArray(value)) return name === '*' ? value : value.slice(Number(name), Number(name) + 1);
  if (!isObject(value)) return [];
  if (name === '*') return Object.values(value);
  return Object.hasOwn(value, name) ? [value[name] as Json] : [];
}
