import type { AttributeType, SchemaAttributeType } from '@aws-sdk/client-cognito-identity-provider';
import { invalidParameter } from './errors.ts';
import type { UserPool } from './state.ts';

type Schema = ReadonlyMap<string, SchemaAttributeType>;

function text(Name: string, more: Partial<SchemaAttributeType> = {}): SchemaAttributeType {
  return {
    Name,
    AttributeDataType: 'String',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    StringAttributeConstraints: { MinLength: '0', MaxLength: '2048' },
    ...more,
  };
}

const flag = (Name: string): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
});

/** "Standard attributes", Working with user attributes, Cognito Developer Guide: each pool has them all. */
const standard: readonly SchemaAttributeType[] = [
  text('profile'),
  text('address'),
  text('birthdate', { StringAttributeConstraints: { MinLength: '10', MaxLength: '10' } }),
  text('gender'),
  text('preferred_username'),
  {
    Name: 'updated_at',
    AttributeDataType: 'Number',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: '0' },
  },
  text('website'),
  text('picture'),
  text('identities', { StringAttributeConstraints: {} }),
  text('sub', { Mutable: false, Required: true, StringAttributeConstraints: { MinLength: '1', MaxLength: '2048' } }),
  flag('phone_number_verified'),
  text('phone_number'),
  text('email'),
  flag('email_verified'),
  text('zoneinfo'),
  text('locale'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('name'),
  text('nickname'),
];

const standardNames = new Set(standard.map(({ Name }) => Name as string));

export const standardAttributes: readonly string[] = [...standardNames].filter((name) => name !== 'identities');

/** The schema a new pool has: the standard attributes, as `given` changes them, and the custom ones. */
export function newSchema(given: readonly SchemaAttributeType[] = []): Map<string, SchemaAttributeType> {
  const schema = new Map(standard.map((attribute) => [attribute.Name as string, attribute]));
  for (const attribute of given) {
    const { Name = '' } = attribute;
    const base = schema.get(Name);
    if (!base) addCustom(schema, attribute);
    else {
      if (attribute.AttributeDataType && attribute.AttributeDataType !== base.AttributeDataType) {
        throw invalidParameter(
          'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute',
        );
      }
      const { Mutable, Required, StringAttributeConstraints, NumberAttributeConstraints } = attribute;
      const set = { Mutable, Required, StringAttributeConstraints, NumberAttributeConstraints };
      const stated = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
      schema.set(Name, { ...base, ...stated });
    }
  }
  return schema;
}

/** "Quotas": 50 custom attributes a pool; names of 1 to 20 characters. */
const mostCustom = 50;
const longestName = 20;

/** Adds an attribute under the prefix `custom:`. Throws InvalidParameterException for names that are taken or of another form. */
export function addCustom(schema: Map<string, SchemaAttributeType>, attribute: SchemaAttributeType): void {
  const { Name = '', Required = false, DeveloperOnlyAttribute = false } = attribute;
  if (!/^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u.test(Name) || [...Name].length > longestName) {
    throw invalidParameter(
      `1 validation error detected: Value '${Name}' at 'customAttributes.1.member.name' failed to satisfy constraint: Member must have length less than or equal to ${longestName}`,
    );
  }
  if (Required) throw invalidParameter('Required custom attributes are not supported currently.');
  const name = `${DeveloperOnlyAttribute ? 'dev:' : ''}custom:${Name.replace(/^custom:/, '')}`;
  if (schema.has(name)) throw invalidParameter(`${name}: Existing attribute already has name ${name}.`);
  if ([...schema.keys()].filter((key) => !standardNames.has(key)).length >= mostCustom) {
    throw invalidParameter('User pool schema cannot have more than 50 custom attributes.');
  }
  const { AttributeDataType = 'String', Mutable = true } = attribute;
  const { StringAttributeConstraints = {}, NumberAttributeConstraints = {} } = attribute;
  schema.set(name, {
    Name: name,
    AttributeDataType,
    DeveloperOnlyAttribute,
    Mutable,
    Required: false,
    ...(AttributeDataType === 'String' && { StringAttributeConstraints }),
    ...(AttributeDataType === 'Number' && { NumberAttributeConstraints }),
  });
}

/** Attributes as a map; refused as a whole, with every reason, when one of them breaks the pool's schema. */
export function checkedAttributes(pool: UserPool, given: readonly AttributeType[] = []): Map<string, string> {
  const attributes = new Map(given.map(({ Name = '', Value = '' }) => [Name, Value]));
  if (attributes.size < given.length) throw invalidParameter('Attribute names must be unique.');
  refuse([...attributes].map(([name, value]) => problemOf(pool.schema, name, value)));
  if (badEmail(attributes.get('email'))) throw invalidParameter('Invalid email address format.');
  if (badPhone(attributes.get('phone_number'))) throw invalidParameter('Invalid phone number format.');
  return attributes;
}

/** What a new user must have. */
export function checkRequired(pool: UserPool, attributes: ReadonlyMap<string, string>): void {
  const missing = [...pool.schema.values()].filter(
    ({ Name = '', Required }) => Required && Name !== 'sub' && !attributes.has(Name),
  );
  refuse(missing.map(({ Name }) => `${Name}: The attribute ${Name} is required`));
}

/** Throws unless each of the names may be written to a user that exists. */
export function checkMutable(pool: UserPool, names: Iterable<string>): void {
  refuse(
    [...names].map((name) =>
      pool.schema.get(name)?.Mutable ? undefined : `user.${name}: Attribute cannot be updated.`,
    ),
  );
}

function refuse(problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  throw invalidParameter(`Attributes did not conform to the schema: ${found.map((one) => `${one}\n`).join('')}`);
}

function problemOf(schema: Schema, name: string, value: string): string | undefined {
  const attribute = schema.get(name);
  if (!attribute) return `${name}: Attribute does not exist in the schema.`;
  // Without a value it is taken away.
  if (value === '') return undefined;
  if (attribute.AttributeDataType === 'Number') return numberProblem(attribute, name, value);
  if (attribute.AttributeDataType === 'Boolean' && !/^(true|false)$/i.test(value)) {
    return `${name}: Value ${value} must be one of: [true, false]`;
  }
  const { MinLength = '0', MaxLength = '2048' } = attribute.StringAttributeConstraints ?? {};
  const { length } = [...value];
  if (length < Number(MinLength)) return `${name}: String must be at least ${MinLength} characters long`;
  if (length > Number(MaxLength)) return `${name}: String must be no longer than ${MaxLength} characters`;
  return undefined;
}

function numberProblem(attribute: SchemaAttributeType, name: string, value: string): string | undefined {
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {};
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return `${name}: Value is not a number`;
  if (MinValue !== undefined && number < Number(MinValue)) return `${name}: Number must be at least ${MinValue}`;
  if (MaxValue !== undefined && number > Number(MaxValue)) return `${name}: Number must be at most ${MaxValue}`;
  return undefined;
}

/** Does it look like no address? Nothing is looked up. */
export function badEmail(value: string | undefined): boolean {
  return value !== undefined && value !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
}

/** E.164. */
export function badPhone(value: string | undefined): boolean {
  return value !== undefined && value !== '' && !/^\+[1-9]\d{1,14}$/.test(value);
}
