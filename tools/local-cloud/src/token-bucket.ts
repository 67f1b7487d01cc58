/** What is left of a rate at a moment of the clock. Plain data. */
export interface TokenBucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export function fullBucket(capacity: number, now: number): TokenBucket {
  return { tokens: capacity, at: now };
}

/** Fills the bucket up to now, then says whether it holds `amount`. */
export function holds(
  bucket: TokenBucket,
  amount: number,
  rate: { perSecond: number; capacity: number },
  now: number,
): boolean {
  // A kept state may come from a clock that was ahead of this one: nothing is taken away for that.
  const seconds = Math.max(0, now - bucket.at) / 1000;
  bucket.tokens = Math.min(rate.capacity, bucket.tokens + seconds * rate.perSecond);
  bucket.at = now;
  return bucket.tokens >= amount;
}
