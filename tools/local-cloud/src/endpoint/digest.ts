import { createHash, timingSafeEqual } from 'node:crypto';

/** Hexadecimal, as signatures carry it. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Whether a signature is the one expected; how long it takes tells nothing. */
export function equal(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
