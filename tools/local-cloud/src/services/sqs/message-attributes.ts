import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { invalidParameter } from './errors.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** "A message can contain up to 10 metadata attributes", Amazon SQS message quotas. */
const mostAttributes = 10;

/** Throws InvalidParameterValue in the words of SQS ("Amazon SQS message metadata", Amazon SQS Developer Guide). */
export function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > mostAttributes) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  }
  for (const [name, value] of entries) {
    checkName(name);
    checkValue(name, value);
  }
}

function checkName(name: string): void {
  const isReserved = /^(aws|amazon)\./i.test(name);
  if (/^[\w-]([\w.-]*[\w-])?$/.test(name) && !name.includes('..') && !isReserved && name.length <= 256) return;
  throw invalidParameter(
    `Message (user) attribute name '${name}' is invalid: it may hold letters, digits, '_', '-' and single periods inside, ` +
      `at most 256 characters, and must not start with AWS. or Amazon.`,
  );
}

function checkValue(name: string, { DataType = '', StringValue, BinaryValue, ...lists }: MessageAttributeValue): void {
  if (lists.StringListValues?.length || lists.BinaryListValues?.length) {
    throw invalidParameter(
      `Message (user) attribute '${name}' has a list value. Lists are not implemented: reserved for future use.`,
    );
  }
  const [, type] = /^(String|Number|Binary)(\..+)?$/.exec(DataType) ?? [];
  if (type === undefined) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = type === 'Binary' ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0) {
    throw invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
  if (type === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(StringValue as string)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** "All parts of the message attribute, including Name, Type, and Value, are part of the message size restriction". */
export function attributeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue = new Uint8Array() }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue) + BinaryValue.length,
    0,
  );
}

/** "Calculating the MD5 message digest for message attributes", Amazon SQS Developer Guide; `undefined` of none. */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] as MessageAttributeValue;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([DataType.startsWith('Binary') ? 2 : 1]));
    add(DataType.startsWith('Binary') ? (BinaryValue ?? new Uint8Array()) : Buffer.from(StringValue ?? ''));
  }
  return hash.digest('hex');
}

/** The attributes a receiver asks for: by name, by `prefix.*`, or `All` or `.*`. */
export function chosenAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const isWanted = (name: string) =>
    wanted.some((one) => (one.endsWith('*') ? name.startsWith(one.replace(/\.?\*$/, '')) : one === name));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}
