import type { Parameter as ParameterInput } from '@aws-sdk/client-cloudformation';
import { validationError } from './errors.ts';
import type { StackParameter } from './state.ts';
import type { ParameterDefinition, Template } from './template.ts';

/** "CloudFormation-supplied parameter types" and plain ones that this cloud can check. */
const plainTypes = [
  'String',
  'Number',
  'List<Number>',
  'List<String>',
  'CommaDelimitedList',
  'AWS::SSM::Parameter::Name',
];
const ssmType = /^AWS::SSM::Parameter::Value<(String|List<String>|CommaDelimitedList)>$/;

/**
 * The values a stack's parameters get: given, previous, or default; checked against their definitions; SSM parameter
 * types looked up with `lookUp`. Throws ValidationError naming the parameters that are missing, unknown or not allowed.
 */
export async function resolveParameters(
  template: Template,
  given: readonly ParameterInput[],
  previous: readonly StackParameter[],
  lookUp: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<StackParameter[]> {
  const definitions = Object.entries(template.Parameters ?? {});
  const inputs = new Map(given.map((parameter) => [parameter.ParameterKey ?? '', parameter]));
  const unknown = [...inputs.keys()].filter((key) => !definitions.some(([name]) => name === key));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);

  const missing: string[] = [];
  const parameters: StackParameter[] = [];
  for (const [key, definition] of definitions) {
    const value = textOf(key, definition, inputs.get(key), previous);
    if (value === undefined) missing.push(key);
    else parameters.push({ key, value, ...(String(definition.NoEcho) === 'true' && { noEcho: true }) });
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  for (const parameter of parameters) check(parameter, definitionOf(template, parameter.key));
  return resolveFromSsm(template, parameters, lookUp);
}

function textOf(
  key: string,
  definition: ParameterDefinition,
  input: ParameterInput | undefined,
  previous: readonly StackParameter[],
): string | undefined {
  if (input?.UsePreviousValue) {
    const found = previous.find((parameter) => parameter.key === key);
    if (!found)
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    return found.value;
  }
  return input?.ParameterValue ?? (definition.Default === undefined ? undefined : String(definition.Default));
}

const definitionOf = (template: Template, key: string) => template.Parameters?.[key] as ParameterDefinition;

async function resolveFromSsm(
  template: Template,
  parameters: readonly StackParameter[],
  lookUp: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<StackParameter[]> {
  const fromSsm = parameters.filter(({ key }) => ssmType.test(definitionOf(template, key).Type));
  if (fromSsm.length === 0) return [...parameters];
  const names = [...new Set(fromSsm.map(({ value }) => value))];
  const values = await lookUp(names);
  const missing = names.filter((name) => !values.has(name));
  if (missing.length > 0) {
    throw validationError(`Unable to fetch parameters [${missing.join(',')}] from parameter store for this account.`);
  }
  return parameters.map((parameter) =>
    fromSsm.includes(parameter) ? { ...parameter, resolved: values.get(parameter.value) as string } : parameter,
  );
}

/** "Parameter section syntax reference", CloudFormation User Guide. */
function check({ key, value }: StackParameter, definition: ParameterDefinition): void {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = definition;
  if (!plainTypes.includes(Type) && !ssmType.test(Type)) {
    throw validationError(`The embedded cloud has no parameter type ${Type} (parameter ${key}).`);
  }
  const fail = (constraint: string) => {
    const reason = definition.ConstraintDescription ?? constraint;
    return validationError(`Parameter ${key} failed to satisfy constraint: ${reason}`);
  };
  const items =
    Type === 'CommaDelimitedList' || Type.startsWith('List<') ? value.split(',').map((item) => item.trim()) : [value];
  if (AllowedValues && !items.every((item) => AllowedValues.map(String).includes(item))) {
    throw definition.ConstraintDescription
      ? fail('')
      : validationError(`Parameter '${key}' must be one of AllowedValues`);
  }
  if (AllowedPattern !== undefined && !items.every((item) => new RegExp(`^(?:${AllowedPattern})$`).test(item))) {
    throw definition.ConstraintDescription
      ? fail('')
      : validationError(`Parameter '${key}' must match pattern ${AllowedPattern}`);
  }
  if (Type === 'Number' || Type === 'List<Number>') {
    for (const item of items) {
      if (item === '' || Number.isNaN(Number(item))) throw validationError(`Parameter '${key}' must be a number`);
      if (MinValue !== undefined && Number(item) < Number(MinValue))
        throw fail(`Member must have value greater than or equal to ${MinValue}`);
      if (MaxValue !== undefined && Number(item) > Number(MaxValue))
        throw fail(`Member must have value less than or equal to ${MaxValue}`);
    }
  }
  if (MinLength !== undefined && value.length < Number(MinLength))
    throw fail(`Member must have length greater than or equal to ${MinLength}`);
  if (MaxLength !== undefined && value.length > Number(MaxLength))
    throw fail(`Member must have length less than or equal to ${MaxLength}`);
}
