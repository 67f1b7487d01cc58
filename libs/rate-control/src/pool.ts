/** Permits that nobody holds, by when they will have rested; sorted, one entry for a time. */
export type Pool = readonly (readonly [at: number, count: number])[];

/** So many permits keep the document small enough without their times being rounded. */
const fewPermits = 256;

/** To what times are rounded up, so that a document of many permits stays small. */
export const stepOf = ([count, restMs]: readonly [count: number, restMs: number]): number =>
  count <= fewPermits ? 1 : Math.max(1, Math.floor(restMs / fewPermits));

export const roundedUp = (time: number, step: number): number => Math.ceil(time / step) * step;

export function added(permits: Pool, at: number, count: number): Pool {
  if (count <= 0) return permits;
  const same = permits.find(([time]) => time === at);
  const others = permits.filter((entry) => entry !== same);
  return [...others, [at, count + (same?.[1] ?? 0)] as const].toSorted(([a], [b]) => a - b);
}

/** Takes up to `want` permits that will have rested by `end`, those first that have rested longest. */
export function take(permits: Pool, want: number, end: number): [taken: Pool, left: Pool] {
  const taken: (readonly [number, number])[] = [];
  const left: (readonly [number, number])[] = [];
  let missing = want;
  for (const [at, count] of permits) {
    const some = at <= end ? Math.min(missing, count) : 0;
    missing -= some;
    if (some > 0) taken.push([at, some]);
    if (some < count) left.push([at, count - some]);
  }
  return [taken, left];
}

export const total = (permits: readonly (readonly [unknown, number])[]): number =>
  permits.reduce((sum, [, count]) => sum + count, 0);
