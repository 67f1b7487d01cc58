import Big from 'big.js';
import { validationError } from '../../errors.ts';

/**
 * Numbers: "up to 38 digits of precision", positive from 1E-130 to 9.9999999999999999999999999999999999999E+125, negative
 * alike ("Supported data types", DynamoDB Developer Guide). They travel as text.
 */
const mostDigits = 38;
const largestExponent = 125;
const smallestExponent = -130;

/** A number as DynamoDB gives it back: no exponent, no needless zeros. Throws ValidationException. */
export function normalNumber(text: string): string {
  return write(parse(text));
}

/** The exact sum or difference, under the same limits. */
export function add(left: string, right: string): string {
  return write(checked(new Big(left).plus(right)));
}

/** Exact, as DynamoDB writes numbers. Throws ValidationException beyond its range. */
export function subtract(left: string, right: string): string {
  return write(checked(new Big(left).minus(right)));
}

/** Text that sorts, character by character, as the numbers do. */
export function sortableNumber(text: string): string {
  const { s: sign, e: exponent, c: digits } = new Big(text);
  if (digits.length === 1 && digits[0] === 0) return '1';
  if (sign > 0) return `2${pad(exponent + 500)}${digits.join('')}`;
  // Of negative ones the larger magnitude comes first; `~` is above all digits, so that fewer digits come later.
  return `0${pad(500 - exponent)}${digits.map((digit) => 9 - digit).join('')}~`;
}

/** Significant digits, for the size that a number takes. */
export function significantDigits(text: string): number {
  return new Big(text).c.length;
}

function pad(value: number): string {
  return String(value).padStart(3, '0');
}

function parse(text: string): Big {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?$/.test(text)) {
    const what = text === '' ? '' : `: ${text}`;
    throw validationError(`The parameter cannot be converted to a numeric value${what}`);
  }
  return checked(new Big(text.replace(/^\+/, '')));
}

function checked(value: Big): Big {
  if (value.c.length === 1 && value.c[0] === 0) return value;
  if (value.e > largestExponent) {
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (value.e < smallestExponent) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (value.c.length > mostDigits) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return value;
}

function write(value: Big): string {
  return value.c.length === 1 && value.c[0] === 0 ? '0' : value.toFixed();
}
