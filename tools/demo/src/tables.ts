import type { LogRecord } from '@stackyard/log-records';
import type { LedgerCount } from '@stackyard/proof-kit';
import Table from 'cli-table3';

/** One row of the demo's result. */
export interface ShapeResult {
  readonly title: string;
  readonly count: LedgerCount;
  /** A few records as they arrived, for people to look at. */
  readonly samples: readonly LogRecord[];
  /** Lines that were sent and are not in the stream. */
  readonly missing: readonly string[];
}

const style = { head: [], border: [] };

export function stacksTable(stacks: readonly { name: string; status: string; resources: number }[]): string {
  const table = new Table({ head: ['Stack', 'Status', 'Resources'], style });
  for (const { name, status, resources } of stacks) table.push([name, status, resources]);
  return table.toString();
}

/** Members of the record format, the more important first, each as wide as it is worth to a reader. */
const columns: readonly { head: string; width: number; read(record: LogRecord): string | undefined }[] = [
  { head: 'time', width: 14, read: ({ time }) => time.slice('2026-11-21T'.length).slice(0, 12) },
  { head: 'level', width: 7, read: ({ level }) => level },
  { head: 'source', width: 11, read: ({ source }) => source },
  { head: 'function or service', width: 24, read: (record) => record.function ?? record.service },
  { head: 'requestId', width: 11, read: ({ requestId }) => requestId },
  { head: 'environment', width: 13, read: ({ environment }) => environment },
  { head: 'sequence', width: 10, read: ({ sequence }) => sequence?.toString() },
  { head: 'traceId', width: 11, read: ({ traceId }) => traceId },
];

/** What a message has at least; a narrow terminal is shown fewer members. */
const messageWidth = 40;

/** What the stream holds of each shape, in part: one format, whatever it came from. */
export function recordsTable(results: readonly ShapeResult[], width: number): string {
  let rest = Math.min(width, 180) - 2;
  const fitting = columns.filter((column) => {
    if (rest - column.width - 1 < messageWidth) return false;
    rest -= column.width + 1;
    return true;
  });
  const table = new Table({
    head: [...fitting.map(({ head }) => head), 'message'],
    style,
    colWidths: [...fitting.map((column) => column.width), rest],
  });
  for (const { title, samples } of results) {
    table.push([{ colSpan: fitting.length + 1, content: title }]);
    for (const record of samples) table.push([...fitting.map(({ read }) => read(record) ?? ''), textOf(record)]);
  }
  return table.toString();
}

function textOf({ message }: LogRecord): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
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
