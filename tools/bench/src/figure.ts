/** One measured number: what `--json` writes of it is everything but `measured`. */
export interface Figure {
  /** `cloud.start_ms`: the benchmark, what is measured, the unit where the name would not say it. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value should reach; null where it is only stated. */
  readonly goal: number | null;
  readonly better: 'lower' | 'higher';
  /** The numbers behind the value, for people: `64.1 ms, bare Node 31.0 ms`. */
  readonly measured: string;
}

/** One thing that is measured, with everything it starts and ends by itself. */
export interface Measurement {
  readonly title: string;
  /** `say` tells people how far it is. */
  run(say: (progress: string) => void): Promise<Figure[]>;
  /** What `--docs` draws beside the tables: SVG by its file in docs. After `run`. */
  draw?(): Promise<Readonly<Record<string, string>>>;
}

export function meetsGoal({ value, goal, better }: Figure): boolean {
  if (goal === null) return true;
  return better === 'lower' ? value <= goal : value >= goal;
}

/** Three significant digits, at most two decimals: no benchmark is more exact than that. Whole numbers stay whole. */
export function readable(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
