import type { Cloud } from '../../../service.ts';
import { type Consumption, consumedByWrite } from '../capacity.ts';
import type { Table } from '../state.ts';
import { change } from './change.ts';
import { watchItem } from './expiry.ts';
import type { Outcome } from './write.ts';

/** Carries out what was decided, all in one go, and answers what it consumed. */
export function commit(cloud: Cloud, table: Table, outcome: Outcome, { isTransaction = false } = {}): Consumption {
  const { before, after } = outcome;
  change(cloud, table, outcome);
  watchItem(cloud, table, after);
  return consumedByWrite(table, before, after, isTransaction);
}
