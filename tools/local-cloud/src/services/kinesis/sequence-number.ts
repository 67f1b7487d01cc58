/**
 * Sequence numbers shaped like AWS's: a 188-bit number in decimal (56 digits that begin with 49), made of
 * version 2 · second the shard was created · low 4 bits of the shard's number · position in the shard ·
 * second of arrival · shard's number · version 2. The position leads the second of arrival, so numbers of one shard only
 * grow; a child shard's second of creation is later than its parent's, so they grow across a reshard too.
 */
export interface SequenceNumber {
  /** Seconds since the epoch. */
  readonly shardCreated: number;
  readonly shardIndex: number;
  /** Position in the shard: 0 is the shard's start, the first record has 1. */
  readonly position: bigint;
  /** Seconds since the epoch. */
  readonly arrived: number;
}

/** Position in the ending sequence number of a closed shard. */
export const lastPosition = 2n ** 63n - 1n;

const version = 2n;

export function formatSequenceNumber(number: SequenceNumber): string {
  const index = BigInt(number.shardIndex);
  return (
    (version << 184n) |
    (BigInt(number.shardCreated) << 148n) |
    ((index & 0xfn) << 144n) |
    (number.position << 80n) |
    (BigInt(number.arrived) << 36n) |
    (index << 4n) |
    version
  ).toString();
}

/** `undefined` when the text is no sequence number of this shape. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  if (!/^\d{1,57}$/.test(text)) return undefined;
  const value = BigInt(text);
  const field = (shift: bigint, bits: bigint) => (value >> shift) & ((1n << bits) - 1n);
  const index = field(4n, 32n);
  const isOurs = value >> 184n === version && field(0n, 4n) === version && field(144n, 4n) === (index & 0xfn);
  if (!isOurs) return undefined;
  return {
    shardCreated: Number(field(148n, 36n)),
    shardIndex: Number(index),
    position: field(80n, 64n),
    arrived: Number(field(36n, 36n)),
  };
}
