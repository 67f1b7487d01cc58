/** What a span of time holds of a metric. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** How often each value came. Absent where somebody put sums only: there are no percentiles then. */
  readonly counts?: ReadonlyMap<number, number> | undefined;
}

/** Single values, each as often as its count says; once without. At least one value. */
export function setOf(values: readonly number[], times: readonly number[] = []): StatisticSet {
  const counts = new Map<number, number>();
  for (const [i, value] of values.entries()) counts.set(value, (counts.get(value) ?? 0) + (times[i] ?? 1));
  let [sampleCount, sum, minimum, maximum] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [value, count] of counts) {
    sampleCount += count;
    sum += value * count;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return { sampleCount, sum, minimum, maximum, counts };
}

/** Several spans as one; undefined for none. */
export function merged(sets: readonly StatisticSet[]): StatisticSet | undefined {
  const [first, ...rest] = sets;
  if (!first || rest.length === 0) return first;
  const counts = new Map<number, number>();
  for (const set of sets) {
    for (const [value, count] of set.counts ?? []) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  const total = (of: (set: StatisticSet) => number) => sets.reduce((sum, set) => sum + of(set), 0);
  return {
    sampleCount: total(({ sampleCount }) => sampleCount),
    sum: total(({ sum }) => sum),
    minimum: Math.min(...sets.map(({ minimum }) => minimum)),
    maximum: Math.max(...sets.map(({ maximum }) => maximum)),
    counts: sets.every((set) => set.counts) ? counts : undefined,
  };
}
