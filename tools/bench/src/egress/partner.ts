/** Calls at the partner that are more than it allows in the window that ends with them: 0 is what counts. Times sorted, milliseconds. */
export function violations(arrivals: readonly number[], count: number, windowMs: number): number {
  return arrivals.filter((at, i) => i >= count && at - (arrivals[i - count] as number) < windowMs).length;
}

/** Calls under way at the partner that are one too many. */
export function tooManyAtOnce(calls: readonly { readonly from: number; readonly to: number }[], most: number): number {
  let underWay: number[] = [];
  return calls
    .toSorted((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      underWay = underWay.filter((end) => end > from);
      underWay.push(to);
      return underWay.length > most;
    }).length;
}

/** So many calls within so many milliseconds. */
export interface Window {
  readonly count: number;
  readonly ms: number;
}

/**
 * How many calls one limiter would let through that knows of all calls at once and needs no time: callers first come, first served, each
 * for as long as it waits. Nobody can do better with callers that are served in the order in which they came.
 */
export function ideal(came: readonly number[], windows: readonly Window[], waitMs: number, until: number): number[] {
  const starts: number[] = [];
  for (const at of came.toSorted((a, b) => a - b)) {
    const rested = windows.map(({ count, ms }) => (starts[starts.length - count] ?? Number.NEGATIVE_INFINITY) + ms);
    const start = Math.max(at, starts.at(-1) ?? 0, ...rested);
    if (start - at <= waitMs && start < until) starts.push(start);
  }
  return starts;
}

/** Jain's index of fairness: 1 when all have the same, 1/n when one has it all. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  return sum ** 2 / (values.length * values.reduce((all, value) => all + value ** 2, 0));
}

/** The value below which this share of them lies; 0 when there is none. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
