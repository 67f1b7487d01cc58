import { hash } from 'node:crypto';
import { invalidArgument } from './errors.ts';

/** Hash keys are 128-bit: 0 to 2^128-1. */
export const hashKeys = 2n ** 128n;

/** Where the range of each of `count` equal shards begins, as CreateStream and UpdateShardCount divide the hash keys. */
export function evenStarts(count: number): bigint[] {
  const width = hashKeys / BigInt(count);
  return Array.from({ length: count }, (_, i) => width * BigInt(i));
}

/**
 * The hash key that decides a record's shard: the explicit one, or MD5 of the partition key in UTF-8.
 * Throws InvalidArgumentException for an explicit one above 2^128-1.
 */
export function hashKeyOf(partitionKey: string, explicitHashKey: string | undefined): bigint {
  if (explicitHashKey === undefined) return BigInt(`0x${hash('md5', partitionKey)}`);
  const key = BigInt(explicitHashKey);
  if (key >= hashKeys) {
    throw invalidArgument(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicitHashKey}`,
    );
  }
  return key;
}
