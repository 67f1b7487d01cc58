import Table from 'cli-table3';

export interface FoldingRow {
  readonly what: string;
  readonly events: number;
  readonly calls: number;
  /** Calls that came again with a key the downstream had taken already. */
  readonly repeats: number;
  /** Events of which the downstream never heard. */
  readonly lost: number;
}

/** How many downstream calls so many events became. */
export function foldingTable(rows: readonly FoldingRow[]): string {
  const table = new Table({
    head: ['', 'events', 'downstream calls', 'repeated, taken once', 'lost'],
    style: { head: [], border: [] },
  });
  for (const { what, events, calls, repeats, lost } of rows) table.push([what, events, calls, repeats, lost]);
  return table.toString();
}
