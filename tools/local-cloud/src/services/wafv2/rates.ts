import type { Cloud } from '../../service.ts';

/** When the latest requests came, no more of them than the limit needs: the oldest gives way to the newest. */
interface Arrivals {
  readonly times: number[];
  /** Where the next one's time goes, which is where the oldest one's is. */
  next: number;
}

/** By rule and key. Not part of the state. */
const arrivals = new WeakMap<Cloud, Map<string, Arrivals>>();

/**
 * Counts a request, and says whether there were more than the limit within the window, this one included. What is turned
 * away counts too: who goes on flooding stays out ("Rate limit request aggregation", "Rate-based rule request rate"). Another limit
 * or window starts a new count ("Rate-based rule caveats").
 */
export function rateExceeded(
  cloud: Cloud,
  key: string,
  { limit, windowMs }: { readonly limit: number; readonly windowMs: number },
): boolean {
  const now = cloud.clock.now();
  const known = arrivals.get(cloud) ?? new Map<string, Arrivals>();
  arrivals.set(cloud, known);
  const name = `${limit} ${windowMs} ${key}`;
  const counted = known.get(name) ?? { times: [], next: 0 };
  known.set(name, counted);
  counted.times[counted.next] = now;
  counted.next = (counted.next + 1) % (limit + 1);
  const oldest = counted.times[counted.next];
  return oldest !== undefined && oldest > now - windowMs;
}
