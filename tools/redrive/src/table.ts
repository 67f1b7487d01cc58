import Table from 'cli-table3';
import type { Result } from './redrive.ts';

/** What waits, and what became of it. */
export function resultsTable(results: readonly Result[]): string {
  const table = new Table({ head: ['from', 'to', 'waiting', 'redriven', 'problem'], style: { head: [], border: [] } });
  for (const { from, to, waiting, redriven, problem } of results) {
    table.push([from, to, waiting, redriven ?? '', problem ?? '']);
  }
  return table.toString();
}
