import type { Cloud } from '../../../service.ts';

/** Steady rate in requests a second, and how many may come at once. Either may be missing: it does not limit then. */
export interface Limits {
  readonly rateLimit?: number | undefined;
  readonly burstLimit?: number | undefined;
}

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Not part of the state: a bucket is full again after a second or so. */
const buckets = new WeakMap<Cloud, Map<string, Bucket>>();

/**
 * Takes one token from each of the buckets, or none at all and answers false when one of them is empty ("Throttle requests
 * to your REST APIs": a token bucket, burst its size, rate its filling). A limit that was changed counts from now on.
 */
export function takeTokens(
  cloud: Cloud,
  wanted: readonly { readonly name: string; readonly limits: Limits }[],
): boolean {
  const now = cloud.clock.now();
  const known = buckets.get(cloud) ?? new Map<string, Bucket>();
  buckets.set(cloud, known);
  const filled = wanted.flatMap(({ name, limits }) => {
    const size = bucketSize(limits);
    if (size === undefined) return [];
    const before = known.get(name);
    const grown = ((now - (before?.at ?? now)) / 1000) * (limits.rateLimit ?? Number.POSITIVE_INFINITY);
    // A clock that was set back takes nothing away.
    const tokens = before ? Math.min(size, before.tokens + (Number.isNaN(grown) ? 0 : Math.max(0, grown))) : size;
    return [{ name, tokens }];
  });
  const admitted = filled.every(({ tokens }) => tokens >= 1);
  for (const { name, tokens } of filled) known.set(name, { tokens: admitted ? tokens - 1 : tokens, at: now });
  return admitted;
}

/** `undefined`: no limit. A rate without a burst lets a second's worth come at once. */
function bucketSize({ rateLimit, burstLimit }: Limits): number | undefined {
  if (rateLimit === undefined && burstLimit === undefined) return undefined;
  return burstLimit ?? Math.max(1, rateLimit ?? 1);
}
