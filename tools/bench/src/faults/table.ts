import type { FaultRow } from '@stackyard/echo/faults';
import Table from 'cli-table3';

export const columns = [
  'fault',
  'sent',
  'delivered',
  'duplicated',
  'dropped and counted',
  'lost',
  'may be lost',
] as const;

const cells = (row: FaultRow) =>
  [row.sent, row.delivered, row.duplicated, row.dropped, row.lost, row.mayLose].map((n) => n.toLocaleString('en-US'));

/** The table for people. */
export function faultsTable(rows: readonly FaultRow[]): string {
  const table = new Table({ head: [...columns], style: { head: [], border: [] } });
  for (const row of rows) table.push([row.name, ...cells(row)]);
  return table.toString();
}

/** The same in Markdown. */
export function faultsMarkdown(rows: readonly FaultRow[]): string {
  const lines = [
    columns,
    columns.map((_, i) => (i === 0 ? '---' : '--:')),
    ...rows.map((row) => [row.name, ...cells(row)]),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

interface ProofReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly meta?: { readonly fault?: FaultRow } }[];
  }[];
}

/** The rows in the JSON report of a pattern's proofs. Throws when a fault has none: then its proof did not get so far. */
export function rowsOf(report: ProofReport, names: readonly string[]): FaultRow[] {
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const rows = new Map(results.flatMap(({ meta }) => (meta?.fault ? [[meta.fault.name, meta.fault] as const] : [])));
  return names.map((name) => {
    const row = rows.get(name);
    if (!row) throw new Error(`The proofs say nothing of '${name}': see their output`);
    return row;
  });
}
