import { parse, View } from 'vega';
import { compile } from 'vega-lite';

export interface Line {
  readonly name: string;
  /** Moments in milliseconds. */
  readonly times: readonly number[];
}

/** Calls per second of each line over time, and the limit, as SVG. */
export async function plotCallsPerSecond(lines: readonly Line[], limit: number, seconds: number): Promise<string> {
  const values = lines.flatMap(({ name, times }) => {
    const counts = Array<number>(seconds).fill(0);
    for (const time of times)
      if (time < seconds * 1000) counts[Math.floor(time / 1000)] = (counts[Math.floor(time / 1000)] ?? 0) + 1;
    return counts.map((calls, second) => ({ name, second, calls }));
  });
  const { spec } = compile({
    width: 720,
    height: 280,
    background: 'white',
    layer: [
      {
        data: { values },
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5 },
        encoding: {
          x: { field: 'second', type: 'quantitative', title: 'second' },
          y: { field: 'calls', type: 'quantitative', title: 'calls that reach the partner, per second' },
          color: {
            field: 'name',
            type: 'nominal',
            title: null,
            sort: lines.map(({ name }) => name),
            legend: { orient: 'top' },
          },
        },
      },
      {
        data: { values: [{ limit }] },
        mark: { type: 'rule', strokeDash: [4, 4], color: 'black' },
        encoding: { y: { field: 'limit', type: 'quantitative' } },
      },
    ],
  });
  return new View(parse(spec), { renderer: 'none' }).toSVG();
}
