import { validationError } from './errors.ts';
import { isObject } from './template.ts';

/** `['Fn::Join', argument]` when the object is a function call: one member, named as functions are. */
export function functionCall(value: unknown): readonly [name: string, argument: unknown] | undefined {
  if (!isObject(value)) return undefined;
  const names = Object.keys(value);
  const [name] = names;
  if (names.length !== 1 || name === undefined) return undefined;
  const isFunction =
    name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof value[name] === 'string');
  return isFunction ? [name, value[name]] : undefined;
}

/** `"A.B.C"` and `["A", "B.C"]` alike. */
export function getAttParts(argument: unknown): readonly [logicalId: string, attribute: unknown] {
  if (typeof argument === 'string' && argument.includes('.')) {
    return [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)];
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') {
    return [argument[0], argument[1]];
  }
  throw templateError(
    'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
  );
}

/** The text of a `Fn::Sub` and the variables given with it. */
export function subParts(argument: unknown): readonly [text: string, variables: Record<string, unknown>] {
  if (typeof argument === 'string') return [argument, {}];
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string' && isObject(argument[1])) {
    return [argument[0], argument[1]];
  }
  throw templateError(
    "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
  );
}

/** A `Fn::Sub` text as literal pieces and `${names}`; `${!name}` is the literal `${name}`. */
export function subTemplate(template: string): (string | { readonly name: string })[] {
  const parts: (string | { readonly name: string })[] = [];
  let end = 0;
  for (const match of template.matchAll(/\$\{(!?)([^}]*)\}/g)) {
    parts.push(template.slice(end, match.index));
    const [whole, escaped, name = ''] = match;
    parts.push(escaped ? `\${${name}}` : { name: name.trim() });
    end = match.index + whole.length;
  }
  parts.push(template.slice(end));
  return parts.filter((part) => part !== '');
}

/** The error for a function that is used wrongly. */
export function templateError(message: string): Error {
  return validationError(`Template error: ${message}`);
}
