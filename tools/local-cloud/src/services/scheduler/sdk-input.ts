import type { NormalizedSchema } from '@smithy/core/schema';
import { validationError } from '../../errors.ts';

/**
 * Turns a universal target's JSON into an operation's input: member names as the SDK spells them (the first letter may
 * differ in case), base64 to bytes, text or seconds to dates. Throws ValidationException for a member that is not there.
 */
export function sdkInput(schema: NormalizedSchema, value: unknown, path = 'Input'): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isStructSchema()) return structure(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw invalid(path, 'a list');
    return value.map((item, i) => sdkInput(schema.getValueSchema(), item, `${path}[${i}]`));
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(objectAt(value, path));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, sdkInput(schema.getValueSchema(), item, `${path}.${key}`)]),
    );
  }
  if (schema.isBlobSchema()) {
    if (typeof value !== 'string') throw invalid(path, 'base64 text');
    return new Uint8Array(Buffer.from(value, 'base64'));
  }
  if (schema.isTimestampSchema()) return new Date(typeof value === 'number' ? value * 1000 : String(value));
  return value;
}

function structure(schema: NormalizedSchema, value: unknown, path: string): Record<string, unknown> {
  const members = new Map([...schema.structIterator()].map(([name, member]) => [lowerFirst(name), { name, member }]));
  const input: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(objectAt(value, path))) {
    const known = members.get(lowerFirst(key));
    if (!known)
      throw validationError(`Invalid RequestJson provided. Reason The field '${key}' is not supported in ${path}`);
    input[known.name] = sdkInput(known.member, item, `${path}.${key}`);
  }
  return input;
}

function objectAt(value: unknown, path: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid(path, 'an object');
}

function invalid(path: string, wanted: string): Error {
  return validationError(`Invalid RequestJson provided. Reason ${path} must be ${wanted}`);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
