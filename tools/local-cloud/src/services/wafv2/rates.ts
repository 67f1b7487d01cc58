import type { Cloud } from '../../service.ts';

/** When the latest requests came, by rule and key: no more of them than the limit needs. Not part of the state. */
const arrivals = new WeakMap<Cloud, Map<string, number[]>>();

/**
 * Counts a request, and says whether there were more than the limit within the window, this one included. What is turned
 * away counts too: who goes on flooding stays out ("Rate limit request aggregation", "Rate-based rule request rate").
 */
export function rateExceeded(
  cloud: Cloud,
  key: string,
  { limit, windowMs }: { readonly limit: number; readonly windowMs: number },
): boolean {
  const now = cloud.clock.now();
  const known = arrivals.get(cloud) ?? new Map<string, number[]>();
  arrivals.set(cloud, known);
  const times = known.get(key) ?? [];
  known.set(key, times);
  times.push(now);
  if (times.length > limit + 1) times.splice(0, times.length - limit - 1);
  const oldest = times[times.length - limit - 1];
  return oldest !== undefined && oldest > now - windowMs;
}
