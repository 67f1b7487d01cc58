import { cidrBlocks } from './cidr.ts';
import { validationError } from './errors.ts';
import { functionCall, getAttParts, subParts, subTemplate, templateError } from './function-syntax.ts';
import { isObject, type Template } from './template.ts';

/** What stands for a value only known once another resource was created; as DescribeChangeSet shows it. */
export const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** What `AWS::NoValue` evaluates to; the member or item that holds it is left out. */
const noValue = Symbol('AWS::NoValue');

export type ParameterValue = string | readonly string[];

/** A resource as others refer to it. */
export interface ResourceView {
  /** What `Ref` returns. */
  readonly ref: string;
  /** What `Fn::GetAtt` returns. Throws when the resource has no such attribute. */
  attribute(name: string): unknown;
}

/** All that a template's values may refer to. */
export interface Scope {
  readonly region: string;
  /** Parameters and pseudo parameters. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly mappings: Template['Mappings'];
  /** `undefined` when the template creates no resource of that name. */
  resource(logicalId: string): ResourceView | undefined;
  /** Throws when nothing exports the name. */
  importValue(name: string): string;
  stackOutput(reference: Readonly<Record<string, unknown>>): Promise<string>;
  /** Resolves `{{resolve:…}}` inside a string. */
  dynamicReferences(text: string): Promise<string>;
}

/**
 * Evaluates a template's value: intrinsic functions are applied, members that are `AWS::NoValue` left out. Throws
 * ValidationError in CloudFormation's words when a function is used wrongly or refers to what is not there.
 */
export async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  const result = await evaluateAny(value, scope);
  return result === noValue ? undefined : result;
}

async function evaluateAny(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? scope.dynamicReferences(value) : value;
  if (Array.isArray(value)) return evaluateList(value, scope);
  if (!isObject(value)) return value;
  const [name, argument] = functionCall(value) ?? [];
  if (name === undefined) return evaluateMembers(value, scope);
  const run = functions[name];
  if (!run) throw templateError(`the function ${name} is not supported here`);
  const result = await run(argument, scope);
  // A dynamic reference may only come about by joining its parts.
  return typeof result === 'string' && result.includes('{{resolve:') ? scope.dynamicReferences(result) : result;
}

async function evaluateList(items: readonly unknown[], scope: Scope): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const item of items) {
    const result = await evaluateAny(item, scope);
    if (result !== noValue) results.push(result);
  }
  return results;
}

async function evaluateMembers(object: Record<string, unknown>, scope: Scope): Promise<Record<string, unknown>> {
  const results: [string, unknown][] = [];
  for (const [name, member] of Object.entries(object)) {
    const result = await evaluateAny(member, scope);
    if (result !== noValue) results.push([name, result]);
  }
  // Not by assignment: a member may be called `__proto__`.
  return Object.fromEntries(results);
}

type IntrinsicFunction = (argument: unknown, scope: Scope) => unknown;

/** "Intrinsic function reference", CloudFormation Template Reference. */
const functions: Readonly<Record<string, IntrinsicFunction>> = {
  Ref: (argument, scope) => refer(text(argument, 'Ref'), scope),
  Condition: (argument, scope) => condition(text(argument, 'Condition'), scope),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': substitute,
  async 'Fn::Join'(argument, scope) {
    const [delimiter, list] = await argumentsOf('Fn::Join', argument, scope, 2);
    if (list === knownAfterApply) return knownAfterApply;
    return listOf('Fn::Join', list).map(asText).join(text(delimiter, 'Fn::Join'));
  },
  async 'Fn::Split'(argument, scope) {
    const [delimiter, source] = await argumentsOf('Fn::Split', argument, scope, 2);
    return isUnknown(source) ? knownAfterApply : text(source, 'Fn::Split').split(text(delimiter, 'Fn::Split'));
  },
  async 'Fn::Select'(argument, scope) {
    const [index, list] = await argumentsOf('Fn::Select', argument, scope, 2);
    if (list === knownAfterApply || index === knownAfterApply) return knownAfterApply;
    const items = listOf('Fn::Select', list);
    const item = items[Number(index)];
    if (item === undefined) {
      throw templateError(`Fn::Select cannot select nonexistent value at index ${String(index)}`);
    }
    return item;
  },
  async 'Fn::If'(argument, scope) {
    if (!Array.isArray(argument) || argument.length !== 3) {
      throw templateError('Fn::If requires a list argument with three parameters');
    }
    const [name, whenTrue, whenFalse] = argument;
    return evaluateAny(condition(text(name, 'Fn::If'), scope) ? whenTrue : whenFalse, scope);
  },
  async 'Fn::Equals'(argument, scope) {
    const [left, right] = await argumentsOf('Fn::Equals', argument, scope, 2);
    return asText(left) === asText(right);
  },
  'Fn::And': async (argument, scope) => (await truths('Fn::And', argument, scope)).every(Boolean),
  'Fn::Or': async (argument, scope) => (await truths('Fn::Or', argument, scope)).some(Boolean),
  async 'Fn::Not'(argument, scope) {
    const [value] = await argumentsOf('Fn::Not', argument, scope, 1);
    return !isTrue(value);
  },
  'Fn::FindInMap': findInMap,
  async 'Fn::ImportValue'(argument, scope) {
    const name = await evaluateAny(argument, scope);
    return isUnknown(name) ? knownAfterApply : scope.importValue(text(name, 'Fn::ImportValue'));
  },
  async 'Fn::GetStackOutput'(argument, scope) {
    const reference = await evaluateAny(argument, scope);
    if (!isObject(reference)) throw templateError('Fn::GetStackOutput needs an object with StackName and OutputName');
    return Object.values(reference).some(isUnknown) ? knownAfterApply : scope.stackOutput(reference);
  },
  async 'Fn::GetAZs'(argument, scope) {
    const region = asText(await evaluateAny(argument, scope)) || scope.region;
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  async 'Fn::Base64'(argument, scope) {
    const value = await evaluateAny(argument, scope);
    return isUnknown(value) ? knownAfterApply : Buffer.from(text(value, 'Fn::Base64')).toString('base64');
  },
  async 'Fn::Cidr'(argument, scope) {
    const [block, count, bits] = await argumentsOf('Fn::Cidr', argument, scope, 2, 3);
    if (isUnknown(block)) return knownAfterApply;
    return cidrBlocks(text(block, 'Fn::Cidr'), Number(count), bits === undefined ? undefined : Number(bits));
  },
  async 'Fn::Length'(argument, scope) {
    const list = await evaluateAny(argument, scope);
    return list === knownAfterApply ? knownAfterApply : listOf('Fn::Length', list).length;
  },
  'Fn::ToJsonString': async (argument, scope) => JSON.stringify(await evaluateAny(argument, scope)),
};

function refer(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return noValue;
  const parameter = own(scope.parameters, name);
  if (parameter !== undefined) return parameter;
  return resourceOf(name, scope).ref;
}

function resourceOf(logicalId: string, scope: Scope): ResourceView {
  const resource = scope.resource(logicalId);
  if (!resource) throw unresolved([logicalId]);
  return resource;
}

/** The error for names in the Resources section that nothing in the template answers to. */
export function unresolved(names: readonly string[]): Error {
  return validationError(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the Resources block of the template`,
  );
}

async function getAtt(argument: unknown, scope: Scope): Promise<unknown> {
  const [logicalId, attribute] = getAttParts(argument);
  const name = await evaluateAny(attribute, scope);
  return resourceOf(logicalId, scope).attribute(text(name, 'Fn::GetAtt'));
}

async function substitute(argument: unknown, scope: Scope): Promise<string> {
  const [template, variables] = subParts(argument);
  const given = await evaluateMembers(variables, scope);
  let result = '';
  for (const part of subTemplate(template)) {
    if (typeof part === 'string') result += part;
    else if (Object.hasOwn(given, part.name)) result += asText(given[part.name]);
    else result += asText(await (part.name.includes('.') ? getAtt(part.name, scope) : refer(part.name, scope)));
  }
  return result;
}

async function findInMap(argument: unknown, scope: Scope): Promise<unknown> {
  const given = await argumentsOf('Fn::FindInMap', argument, scope, 3, 4);
  const [map, first, second] = given.slice(0, 3).map((key) => text(key, 'Fn::FindInMap')) as [string, string, string];
  const [fallback] = given.slice(3);
  const level = own(scope.mappings, map);
  const value = own(own(level, first), second);
  if (value !== undefined) return value;
  if (isObject(fallback) && 'DefaultValue' in fallback) return fallback['DefaultValue'];
  if (!level) throw templateError(`Mapping named '${map}' is not present in the 'Mappings' section of template.`);
  throw templateError(`Unable to get mapping for ${map}::${first}::${second}`);
}

/** A member of the object itself: templates may ask for `constructor`. */
function own<Value>(object: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

function condition(name: string, scope: Scope): boolean {
  const value = own(scope.conditions, name);
  if (value === undefined) {
    throw validationError(`Template format error: Unresolved condition dependency ${name} in the template`);
  }
  return value;
}

/** Two to ten conditions ("Condition functions", CloudFormation Template Reference). */
async function truths(name: string, argument: unknown, scope: Scope): Promise<boolean[]> {
  return (await argumentsOf(name, argument, scope, 2, 10)).map(isTrue);
}

const isTrue = (value: unknown) => value === true || value === 'true';

async function argumentsOf(
  name: string,
  argument: unknown,
  scope: Scope,
  least: number,
  most = least,
): Promise<unknown[]> {
  if (!Array.isArray(argument) || argument.length < least || argument.length > most) {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    throw templateError(`every ${name} object requires a list of ${count} arguments`);
  }
  return evaluateList(argument, scope);
}

function listOf(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw templateError(`every ${name} object requires a list, not ${JSON.stringify(value)}`);
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError(`every ${name} object requires a string, not ${JSON.stringify(value) ?? 'AWS::NoValue'}`);
}

/** A value where CloudFormation wants text: lists of parameters are joined as it joins them. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(',');
  return value === undefined || value === noValue
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

const isUnknown = (value: unknown): boolean => typeof value === 'string' && value.includes(knownAfterApply);
