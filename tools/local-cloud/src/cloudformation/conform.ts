import { knownAfterApply } from './evaluate.ts';
import type { SpecDatabase, SpecProperty } from './resource-specification.ts';
import { isObject } from './template.ts';

/** Something wrong with a resource's properties: where (`/Code/S3Bucket`), and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

type Properties = Readonly<Record<string, SpecProperty>>;
type Type = SpecProperty['type'];

/**
 * Turns values into the types the specification gives the properties, as CloudFormation does ("5" is a number where one
 * is wanted, 5 a text where text is), and says which properties are unknown, missing or of another type.
 */
export function conform(
  spec: SpecDatabase,
  definitions: Properties,
  properties: Readonly<Record<string, unknown>>,
): { properties: Record<string, unknown>; problems: Problem[] } {
  const problems: Problem[] = [];

  function members(known: Properties, given: Readonly<Record<string, unknown>>, path: string) {
    const result: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      const definition = Object.hasOwn(known, name) ? known[name] : undefined;
      if (definition) result[name] = convert(definition.type, value, `${path}/${name}`);
      else problems.push({ path: `${path}/${name}`, message: `Encountered unsupported property ${name}` });
    }
    for (const [name, definition] of Object.entries(known)) {
      if (definition.required && given[name] === undefined) {
        problems.push({ path: path || '/', message: `required key [${name}] not found` });
      }
    }
    return result;
  }

  function convert(type: Type, value: unknown, path: string): unknown {
    if (typeof value === 'string' && value.includes(knownAfterApply)) return value;
    switch (type.type) {
      case 'string':
      case 'integer':
        return allowed(type, scalar(type.type, value, path), path);
      case 'number':
      case 'boolean':
        return scalar(type.type, value, path);
      case 'date-time':
        return scalar('string', value, path);
      case 'array':
        if (Array.isArray(value)) return value.map((item, index) => convert(type.element, item, `${path}/${index}`));
        return wrongType('List', value, path);
      case 'map':
        if (!isObject(value)) return wrongType('Map', value, path);
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, convert(type.element, item, `${path}/${key}`)]),
        );
      case 'ref':
        if (!isObject(value)) return wrongType('Object', value, path);
        return members(spec.get('typeDefinition', type.reference).properties, value, path);
      case 'tag':
        return convertTag(value, path);
      case 'union':
        return convertUnion(type.types, value, path);
      default:
        return value;
    }
  }

  /** The first of the types the value fits. */
  function convertUnion(types: readonly Type[], value: unknown, path: string): unknown {
    const before = problems.length;
    for (const type of types) {
      const result = convert(type, value, path);
      if (problems.length === before) return result;
      problems.length = before;
    }
    return wrongType(types.map(({ type }) => type).join(' or '), value, path);
  }

  function convertTag(value: unknown, path: string): unknown {
    if (!isObject(value) || value['Key'] === undefined) return wrongType('Tag with Key and Value', value, path);
    return { Key: String(value['Key']), Value: String(value['Value'] ?? '') };
  }

  function scalar(type: 'string' | 'integer' | 'number' | 'boolean', value: unknown, path: string): unknown {
    if (typeof value === 'object' || value === undefined) return wrongType(type, value, path);
    if (type === 'string') return String(value);
    if (type === 'boolean') {
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : wrongType(type, value, path);
    }
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    return Number.isNaN(number) || (type === 'integer' && !Number.isInteger(number))
      ? wrongType(type, value, path)
      : number;
  }

  function allowed(type: { readonly allowedValues?: readonly unknown[] }, value: unknown, path: string): unknown {
    if (type.allowedValues && value !== undefined && !type.allowedValues.includes(value)) {
      problems.push({ path, message: `${String(value)} is not a valid enum value: ${type.allowedValues.join(', ')}` });
    }
    return value;
  }

  function wrongType(expected: string, value: unknown, path: string): undefined {
    const found = Array.isArray(value) ? 'List' : value === null ? 'Null' : typeof value;
    problems.push({ path, message: `expected type: ${expected}, found: ${found}` });
    return undefined;
  }

  return { properties: members(definitions, properties, ''), problems };
}
