import { lengthBetween, matches } from '../../constraints.ts';
import type { Call, Cloud } from '../../service.ts';
import { functionNotFound, invalidParameter, notFound, validate } from './errors.ts';
import { type Alias, type FunctionVersion, type LambdaFunction, lambdaState } from './state.ts';

/** What names a function: alone, as ARN or part of one, with or without qualifier. */
export interface FunctionReference {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier: string | undefined;
}

/** "FunctionName" and "Qualifier", Lambda API reference. */
const namePattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';
const qualifierPattern = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';
const parts =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

interface FunctionInput {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** Reads the members that name a function. Throws ValidationException, ResourceNotFoundException for another region. */
export function referenceOf(input: FunctionInput, call: Pick<Call, 'account' | 'region'>): FunctionReference {
  const given = input.FunctionName ?? '';
  validate(
    lengthBetween('functionName', given, 1, 170),
    matches('functionName', given, namePattern),
    lengthBetween('qualifier', input.Qualifier, 1, 128),
    matches('qualifier', input.Qualifier, qualifierPattern),
  );
  const [, region = call.region, account = call.account, name = '', own] = parts.exec(given) ?? [];
  if (region !== call.region) {
    throw notFound(`Functions from '${region}' are not reachable in this region ('${call.region}')`);
  }
  if (own !== undefined && input.Qualifier !== undefined && own !== input.Qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return { account, region, name, qualifier: input.Qualifier ?? own };
}

/** The ARN as it was asked for: qualified only when a qualifier was given. */
export function arnOf({ account, region, name, qualifier }: FunctionReference): string {
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

export function findFunction(cloud: Cloud, reference: FunctionReference): LambdaFunction | undefined {
  return lambdaState(cloud, reference.account, reference.region).functions.get(reference.name);
}

/** Throws ResourceNotFoundException. The qualifier is not looked at. */
export function functionOf(cloud: Cloud, reference: FunctionReference): LambdaFunction {
  const found = findFunction(cloud, reference);
  if (!found) throw functionNotFound(arnOf(reference));
  return found;
}

/** The function an input of the caller's own account names. */
export function functionNamed(input: FunctionInput, call: Call): LambdaFunction {
  return functionOf(call.cloud, referenceOf(input, call));
}

/** The version or alias behind a qualifier. Throws ResourceNotFoundException. */
export function targetOf(
  found: LambdaFunction,
  reference: FunctionReference,
): { version: FunctionVersion; alias: Alias | undefined } {
  const qualifier = reference.qualifier ?? '$LATEST';
  const alias = found.aliases.get(qualifier);
  const version = versionOf(found, alias?.version ?? qualifier);
  if (!version) throw functionNotFound(arnOf(reference));
  return { version, alias };
}

export function versionOf(found: LambdaFunction, version: string): FunctionVersion | undefined {
  return version === '$LATEST' ? found.latest : found.versions.get(version);
}

export function isVersionNumber(qualifier: string): boolean {
  return /^\d+$/.test(qualifier);
}
