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
  bucket.tokens = Math.min(rate.capacity, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
  bucket.at = now;
  return bucket.tokens >= amount;
}
