import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { AwsError } from '../../errors.ts';
import { parameterValueInvalid } from './errors.ts';

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** "Amazon SNS message attributes", Developer Guide. `path` is where they stand in the request. */
export function checkMessageAttributes(attributes: Attributes, path = ''): void {
  for (const [name, value] of Object.entries(attributes)) {
    checkName(name);
    checkValue(name, value, path);
  }
}

function checkName(name: string): void {
  if (name.length > 256) throw parameterValueInvalid('Length of message attribute name must be less than 256 bytes.');
  const foreign = /[^\w.-]/.exec(name)?.[0];
  if (foreign !== undefined) {
    const code = foreign.charCodeAt(0).toString(16).toUpperCase();
    throw parameterValueInvalid(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.'))
    throw parameterValueInvalid("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.'))
    throw parameterValueInvalid("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..')) throw parameterValueInvalid("Message attribute name can not have successive '.' character.");
}

/** A type may carry a label of one's own: `Number.int`. */
function checkValue(name: string, { DataType, StringValue, BinaryValue }: MessageAttributeValue, path: string): void {
  if (DataType === undefined) {
    const member = `${path}messageAttributes.${name}.member.dataType`;
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
      { status: 400 },
    );
  }
  const [, kind] = /^(String|Number|Binary)(?:\..+)?$/.exec(DataType) ?? [];
  if (!kind) {
    throw parameterValueInvalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const field = kind === 'Binary' ? 'Binary' : 'String';
  const [own, other] = kind === 'Binary' ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
  if (other !== undefined && own === undefined) {
    throw parameterValueInvalid(`The message attribute '${name}' with type '${DataType}' must use field '${field}'.`);
  }
  if (own === undefined || own.length === 0) {
    throw parameterValueInvalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (kind === 'Number' && !Number.isFinite(Number(StringValue))) {
    throw parameterValueInvalid(`Could not cast message attribute '${name}' value to number.`);
  }
}

/** Bytes that count towards the size of a message: names, types and values. */
export function attributesSize(attributes: Attributes): number {
  return Object.entries(attributes).reduce((sum, [name, { DataType = '', StringValue = '', BinaryValue }]) => {
    const text = Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    return sum + text + (BinaryValue?.length ?? 0);
  }, 0);
}
