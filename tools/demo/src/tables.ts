import type { LedgerCount } from '@stackyard/proof-kit';
import Table from 'cli-table3';

/** One row of the demo's result. */
export interface ShapeResult {
  readonly title: string;
  readonly count: LedgerCount;
  /** A few lines as they arrived, for people to look at. */
  readonly samples: readonly string[];
  /** Lines that were sent and are not in the stream. */
  readonly missing: readonly string[];
}

const style = { head: [], border: [] };

export function stacksTable(stacks: readonly { name: string; status: string; resources: number }[]): string {
  const table = new Table({ head: ['Stack', 'Status', 'Resources'], style });
  for (const { name, status, resources } of stacks) table.push([name, status, resources]);
  return table.toString();
}

export function linesTable(results: readonly ShapeResult[], width: number): string {
  const first = Math.max(...results.map(({ title }) => title.length)) + 2;
  const second = Math.max(40, Math.min(width, 140) - first - 3);
  const fit = (line: string) => (line.length > second - 2 ? `${line.slice(0, second - 3)}…` : line);
  const table = new Table({
    head: ['Compute shape', 'What the stream holds of it, in part'],
    style,
    colWidths: [first, second],
  });
  for (const { title, samples } of results) table.push([title, samples.map(fit).join('\n')]);
  return table.toString();
}

export function ledgerTable(results: readonly ShapeResult[]): string {
  const table = new Table({ head: ['Compute shape', 'Sent', 'Delivered', 'Duplicated', 'Lost'], style });
  for (const { title, count } of results) {
    table.push([title, count.sent, count.delivered, count.duplicated, count.lost]);
  }
  return table.toString();
}

/** What differs from "every line exactly once", a sentence each; empty when nothing does. */
export function mismatches(results: readonly ShapeResult[]): string[] {
  return results.flatMap(({ title, count, missing }) => [
    ...(count.lost > 0
      ? [`${title}: ${count.lost} of ${count.sent} lines never arrived: ${missing.slice(0, 3).join(', ')}`]
      : []),
    ...(count.duplicated > 0 ? [`${title}: ${count.duplicated} arrivals too many`] : []),
  ]);
}
