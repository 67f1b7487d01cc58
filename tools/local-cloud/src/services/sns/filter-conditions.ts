import { isIP } from 'node:net';
import { InvalidPattern, isObject, type Json } from '../../event-patterns/json.ts';

/**
 * The conditions of one key, as SNS takes them: fewer operators than EventBridge has, and with errors of its own. Throws
 * {@link InvalidPattern} in SNS's words.
 */
export function checkConditions(conditions: readonly Json[]): void {
  for (const condition of conditions) {
    if (Array.isArray(condition)) {
      throw new InvalidPattern('Match value must be String, number, true, false, or null');
    }
    if (isObject(condition)) checkOperator(condition);
  }
}

function checkOperator(condition: Readonly<Record<string, Json>>): void {
  const [entry, ...more] = Object.entries(condition);
  if (!entry || more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  const [operator, operand] = entry;
  const check = Object.hasOwn(checks, operator) ? checks[operator] : undefined;
  if (!check) throw new InvalidPattern(`Unrecognized match type ${operator}`);
  check(operand);
}

const checks: Readonly<Record<string, (operand: Json) => void>> = {
  'equals-ignore-case': (operand) => checkText('equals-ignore-case', operand),
  prefix: (operand) => checkText('prefix', operand),
  suffix: (operand) => checkText('suffix', operand),
  'anything-but': checkAnythingBut,
  exists: checkExists,
  numeric: checkNumeric,
  cidr: checkCidr,
};

function checkExists(operand: Json): void {
  if (typeof operand !== 'boolean') throw new InvalidPattern('exists match pattern must be either true or false.');
}

function checkText(operator: string, operand: Json): void {
  if (typeof operand !== 'string') throw new InvalidPattern(`${operator} match pattern must be a string`);
}

/** A value, a list of values, or a prefix. */
function checkAnythingBut(operand: Json): void {
  if (!isObject(operand)) {
    checkConditions(Array.isArray(operand) ? operand : [operand]);
    return;
  }
  const other = Object.keys(operand).find((operator) => operator !== 'prefix');
  if (other !== undefined) throw new InvalidPattern(`Unsupported anything-but pattern: ${other}`);
  checkText('prefix', operand['prefix'] ?? null);
}

/** One comparison, or a lower and then an upper bound. */
function checkNumeric(operand: Json): void {
  if (!Array.isArray(operand) || operand.length === 0) throw new InvalidPattern('Invalid member in numeric match: ]');
  const [operator, value, second, top, ...more] = operand;
  if (typeof operator !== 'string') throw new InvalidPattern(`Invalid member in numeric match: ${operator}`);
  if (!['=', '<', '<=', '>', '>='].includes(operator)) {
    throw new InvalidPattern(`Unrecognized numeric range operator: ${operator}`);
  }
  if (typeof value !== 'number') {
    throw new InvalidPattern(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  }
  if (operand.length === 2) return;
  if (!operator.startsWith('>')) throw new InvalidPattern('Too many elements in numeric expression');
  if (typeof second !== 'string') throw new InvalidPattern(`Bad value in numeric range: ${second}`);
  if (second !== '<' && second !== '<=') throw new InvalidPattern(`Bad numeric range operator: ${second}`);
  if (typeof top !== 'number') throw new InvalidPattern(`Value of ${second} must be numeric`);
  if (top <= value) throw new InvalidPattern('Bottom must be less than top');
  if (more.length > 0) throw new InvalidPattern('Too many terms in numeric range expression');
}

function checkCidr(operand: Json): void {
  // SNS calls it a prefix here.
  checkText('prefix', operand);
  const [address = '', mask, ...more] = String(operand).split('/');
  if (mask === undefined || more.length > 0) throw new InvalidPattern("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(mask)) throw new InvalidPattern('Malformed CIDR, mask bits must be an integer');
  if (isIP(address) === 0) throw new InvalidPattern(`Nonstandard IP address: ${address}`);
}
