import type { Call } from '../../../service.ts';
import { type Consumption, consumedByWrite } from '../capacity.ts';
import type { Table } from '../state.ts';
import { replace } from './store.ts';
import type { Outcome } from './write.ts';

/** Carries out what was decided, all in one go, and answers what it consumed. */
export function commit(table: Table, { before, after }: Outcome, _call: Call, isTransaction = false): Consumption {
  const consumption = consumedByWrite(table, before, after, isTransaction);
  if (before !== after) replace(table, before, after);
  return consumption;
}
