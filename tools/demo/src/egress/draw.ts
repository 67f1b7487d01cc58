import Table from 'cli-table3';
import type { EgressResult } from './observe.ts';

const style = { head: [], border: [] };

/** What so many events became at the partner. */
export function resultsTable(results: readonly EgressResult[]): string {
  const head = ['Pattern', 'Events', 'Downstream calls', 'Repeated, taken once', 'Users not up to date'];
  const table = new Table({ head, style });
  for (const { name, sent, taken, repeats, lost } of results)
    table.push([name, sent.length, taken.length, repeats, lost]);
  return table.toString();
}

/** Events sent and calls taken in each second, a row each, on one scale. */
export function drawRates(results: readonly EgressResult[]): string {
  const table = new Table({ head: ['Pattern', '', 'In each second of this machine’s clock', 'Most'], style });
  for (const { name, sent, taken } of results) {
    const start = Math.min(...sent);
    const seconds = Math.floor((Math.max(...sent, ...taken) - start) / 1000) + 1;
    const [events, calls] = [perSecond(sent, start, seconds), perSecond(taken, start, seconds)];
    const most = Math.max(...events, ...calls);
    table.push([{ rowSpan: 2, content: name }, 'events', bars(events, most), `${Math.max(...events)}/s`]);
    table.push(['calls', bars(calls, most), `${Math.max(...calls)}/s`]);
  }
  return table.toString();
}

function perSecond(times: readonly number[], start: number, seconds: number): number[] {
  const counts = Array.from({ length: seconds }, () => 0);
  for (const time of times) {
    const second = Math.max(0, Math.floor((time - start) / 1000));
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

const heights = ' ▁▂▃▄▅▆▇█';

/** A character for each number; whatever is more than nothing can be seen. */
export function bars(counts: readonly number[], most: number): string {
  return counts.map((count) => heights[Math.ceil((count / Math.max(1, most)) * (heights.length - 1))]).join('');
}
