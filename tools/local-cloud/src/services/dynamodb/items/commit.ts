import type { Cloud } from '../../../service.ts';
import { type Consumption, consumedByWrite } from '../capacity.ts';
import type { Table } from '../state.ts';
import { meter } from '../throughput.ts';
import { change } from './change.ts';
import { watchItem } from './expiry.ts';
import type { Outcome } from './write.ts';

/** Carries out what was decided, all in one go. */
export function commit(cloud: Cloud, table: Table, outcome: Outcome): void {
  change(cloud, table, outcome);
  watchItem(cloud, table, outcome.after);
}

/** The same within the table's throughput: throws before anything changes when there is none left. */
export function commitMetered(cloud: Cloud, table: Table, outcome: Outcome, operation: string): Consumption {
  const consumption = consumedByWrite(table, outcome.before, outcome.after);
  meter(cloud, table, consumption, operation);
  commit(cloud, table, outcome);
  return consumption;
}
