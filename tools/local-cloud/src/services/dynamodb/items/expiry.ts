import { emitDynamodbMetric } from '../../../metrics/dynamodb-metrics.ts';
import type { Cloud } from '../../../service.ts';
import { attributeOf, type Item } from '../attribute-values.ts';
import { type Table, tablesOf } from '../state.ts';
import { change } from './change.ts';
import { entriesOf } from './store.ts';

/** "within a few days of their expiration time" on AWS; here long enough to see that an expired item can still be read. */
const lingerMs = 60_000;
/** An expiration time more than five years ago is taken for a mistake ("How it works: DynamoDB Time to Live (TTL)"). */
const oldestMs = 5 * 365 * 86_400_000;

interface Sweep {
  readonly due: number;
  readonly cancel: () => void;
}

const sweeps = new WeakMap<Cloud, Map<string, Sweep>>();

/** Looks after the expiry of a table's items from now on: called when it is turned on and when the cloud starts. */
export function watchExpiry(cloud: Cloud, table: Table): void {
  let first = Number.POSITIVE_INFINITY;
  for (const { item } of entriesOf(table)) first = Math.min(first, dueOf(cloud, table, item));
  schedule(cloud, table, first);
}

/** The same for one item that was written. */
export function watchItem(cloud: Cloud, table: Table, item: Item | undefined): void {
  if (item) schedule(cloud, table, dueOf(cloud, table, item));
}

/** After a restart: the timers of all tables with a time to live. */
export function watchAllTables(cloud: Cloud): void {
  for (const { account, region } of cloud.scopes('dynamodb')) {
    for (const table of tablesOf(cloud, account, region).values()) watchExpiry(cloud, table);
  }
}

/** When an item is to be deleted; never while expiry is off, and never one without a number in the attribute. */
function dueOf(cloud: Cloud, { timeToLive }: Table, item: Item): number {
  if (!timeToLive?.enabled) return Number.POSITIVE_INFINITY;
  const expires = Number(attributeOf(item, timeToLive.attribute)?.N) * 1000;
  const isMistake = !Number.isFinite(expires) || expires < cloud.clock.now() - oldestMs;
  return isMistake ? Number.POSITIVE_INFINITY : expires + lingerMs;
}

function schedule(cloud: Cloud, table: Table, due: number): void {
  const running = sweeps.get(cloud) ?? new Map<string, Sweep>();
  sweeps.set(cloud, running);
  const present = running.get(table.id);
  if (due === Number.POSITIVE_INFINITY || (present && present.due <= due)) return;
  present?.cancel();
  const wait = Math.max(0, due - cloud.clock.now());
  const cancel = cloud.clock.after(wait, () => {
    running.delete(table.id);
    sweep(cloud, table);
  });
  running.set(table.id, { due, cancel });
}

function sweep(cloud: Cloud, { account, region, name, id }: Table): void {
  const table = tablesOf(cloud, account, region).get(name);
  if (table?.id !== id) return;
  const now = cloud.clock.now();
  const expired = [...entriesOf(table)].filter(({ item }) => dueOf(cloud, table, item) <= now);
  for (const { item } of expired) change(cloud, table, { before: item, after: undefined }, true);
  emitDynamodbMetric(cloud, table, 'TimeToLiveDeletedItemCount', expired.length);
  watchExpiry(cloud, table);
}
