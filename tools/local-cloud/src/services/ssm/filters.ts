import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import { isUnder } from './path.ts';
import { latest, type StoredParameter } from './state.ts';

type Test = (parameter: StoredParameter, option: string, values: readonly string[]) => boolean;

const compare: Record<string, (text: string, value: string) => boolean> = {
  Equals: (text, value) => text === value,
  BeginsWith: (text, value) => text.startsWith(value),
  Contains: (text, value) => text.includes(value),
};

/** "ParameterStringFilter" (API Reference): which options each key takes, the first being its default. */
const filters: Record<string, { options: readonly string[]; test: Test }> = {
  Name: {
    options: ['Equals', 'BeginsWith', 'Contains'],
    test: ({ name }, option, values) => values.some((value) => compare[option]?.(name, value)),
  },
  Path: {
    options: ['OneLevel', 'Recursive'],
    test: ({ name }, option, values) => values.some((value) => isUnder(name, value, option === 'Recursive')),
  },
  Type: { options: ['Equals', 'BeginsWith'], test: (p, option, values) => some(latest(p).type, option, values) },
  KeyId: {
    options: ['Equals', 'BeginsWith'],
    test: (p, option, values) => some(latest(p).keyId ?? '', option, values),
  },
  Tier: { options: ['Equals'], test: (p, option, values) => some(latest(p).tier, option, values) },
  DataType: { options: ['Equals'], test: (p, option, values) => some(latest(p).dataType, option, values) },
  Label: {
    options: ['Equals'],
    test: (p, option, values) => p.versions.some(({ labels }) => labels.some((label) => some(label, option, values))),
  },
};

function some(text: string, option: string, values: readonly string[]): boolean {
  return values.some((value) => compare[option]?.(text, value));
}

/** Those parameters that pass all filters. Throws InvalidFilterKey and InvalidFilterOption before looking at any. */
export function filterParameters(
  parameters: readonly StoredParameter[],
  given: readonly ParameterStringFilter[],
  allowedKeys: readonly string[],
): StoredParameter[] {
  const tests = given.map((filter) => testOf(filter, allowedKeys));
  return parameters.filter((parameter) => tests.every((test) => test(parameter)));
}

function testOf(
  { Key = '', Option, Values = [] }: ParameterStringFilter,
  allowedKeys: readonly string[],
): (parameter: StoredParameter) => boolean {
  if (Key.startsWith('tag:') && allowedKeys.includes('tag')) {
    const name = Key.slice('tag:'.length);
    return ({ tags }) =>
      tags.some((tag) => tag.Key === name && (Values.length === 0 || Values.includes(tag.Value ?? '')));
  }
  const filter = filters[Key];
  if (!filter || !allowedKeys.includes(Key)) {
    throw new AwsError(
      'InvalidFilterKey',
      `The following filter key is not valid: ${Key}. Valid filter keys include: [${allowedKeys.join(', ')}].`,
    );
  }
  const option = Option ?? (filter.options[0] as string);
  if (!filter.options.includes(option)) {
    throw new AwsError(
      'InvalidFilterOption',
      `The following filter option is not valid: ${option}. Valid options include: [${filter.options.join(', ')}].`,
    );
  }
  return (parameter) => filter.test(parameter, option, Values);
}
