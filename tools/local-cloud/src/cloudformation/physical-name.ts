import { randomInt } from 'node:crypto';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const mixed = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

interface NameOptions {
  /** The service's limit for the name's length. */
  readonly longest: number;
  /** Letters of the random part: upper case, both, or the whole name lower case. */
  readonly letters?: 'upper' | 'mixed' | 'lower';
}

/**
 * A name for a resource whose template gives it none: `StackName-LogicalId-RANDOM`, cut to the service's limit
 * ("Physical ID", CloudFormation User Guide, Resources).
 */
export function physicalName(
  request: { readonly stack: { readonly name: string }; readonly logicalId: string },
  { longest, letters = 'mixed' }: NameOptions,
): string {
  const random = randomText(12, letters === 'mixed' ? mixed : upper);
  const room = longest - random.length - 2;
  const logicalId = request.logicalId.slice(0, Math.max(Math.ceil(room / 2), room - request.stack.name.length));
  const stack = request.stack.name.slice(0, room - logicalId.length);
  const name = `${stack}-${logicalId}-${random}`;
  return letters === 'lower' ? name.toLowerCase() : name;
}

/** Random letters and digits. */
export function randomText(length: number, alphabet: string = mixed): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
