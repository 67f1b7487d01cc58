import type { LogRecord } from '@stackyard/log-records';
import { createLedger, type LedgerCount } from '@stackyard/proof-kit';
import { idOf, type MarkedLine } from '../deployed-echo.ts';

/** What became of the lines that were logged under a fault. */
export interface FaultCount extends LedgerCount {
  /** Of those that did not arrive, how many the extension itself reports as dropped. They don't count as lost. */
  readonly dropped: number;
}

/** What is told of one fault. */
export interface FaultRow extends FaultCount {
  readonly name: string;
  /** How many lines may be lost: those that the platform itself destroys. */
  readonly mayLose: number;
}

/**
 * Counts lines among the records of a stream. A line that is missing is dropped, not lost, as far as the reports of its
 * environment speak of as many records.
 */
export function countUnderFault(lines: readonly MarkedLine[], records: readonly LogRecord[]): FaultCount {
  const ledger = createLedger();
  const sent = new Set(lines.map(({ id }) => id));
  for (const id of sent) ledger.sent(id);
  const arrivals = records.map(idOf);
  for (const id of arrivals) if (id !== undefined && sent.has(id)) ledger.delivered(id);
  const { lost: missing, ...rest } = ledger.count();
  const dropped = Math.min(missing, droppedRecords(records));
  return { ...rest, dropped, lost: missing - dropped };
}

/** How many records the extensions of these environments say they dropped: each report has its environment's total. */
function droppedRecords(records: readonly LogRecord[]): number {
  const totals = new Map<string, number>();
  for (const { source, environment = '', attributes } of records) {
    const total = attributes?.['droppedRecords'];
    if (source !== 'extension' || typeof total !== 'number') continue;
    totals.set(environment, Math.max(total, totals.get(environment) ?? 0));
  }
  return [...totals.values()].reduce((sum, total) => sum + total, 0);
}
