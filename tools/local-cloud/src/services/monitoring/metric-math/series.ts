/** Values by the beginning of their period, in milliseconds since the epoch, in order of time. */
export interface Series {
  readonly label: string;
  readonly points: ReadonlyMap<number, number>;
}

/** "S", "TS" and "TS[]" of "Data types of metric math"; texts are arguments of functions only. */
export type Value = number | string | Series | readonly Series[];

/** The time that is looked at; `start` and `end` are beginnings of periods, `end` is outside. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

export const isList = (value: Value): value is readonly Series[] => Array.isArray(value);
export const isSeries = (value: Value): value is Series => typeof value === 'object' && !isList(value);

/** A series of those points that are numbers: what cannot be computed, as a division by zero, is missing. */
export function seriesOf(label: string, points: Iterable<readonly [number, number | undefined]>): Series {
  const known = [...points].filter((point): point is readonly [number, number] => Number.isFinite(point[1]));
  return { label, points: new Map(known.sort(([a], [b]) => a - b)) };
}

export function timesOf({ start, end, periodMs }: Range): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / periodMs)) }, (_, i) => start + i * periodMs);
}
