import type { Call, Demand } from '../../service.ts';
import { catalogOf, folded } from './state.ts';

/**
 * Whoever works on something in the catalog needs permission on it and on all that it is in; who deletes or lists, also on what is in
 * it ("Specifying AWS Glue resource ARNs", AWS Glue Developer Guide).
 */
function onAll(action: string, call: Call, names: readonly string[]): Demand[] {
  const prefix = `arn:aws:glue:${call.region}:${call.account}`;
  return ['catalog', ...names].map((name) => ({ action: `glue:${action}`, resource: `${prefix}:${name}` }));
}

export const onDatabase = (action: string, name: string | undefined, call: Call) =>
  onAll(action, call, [`database/${folded(name)}`]);

export const onDatabases = (action: string, call: Call) =>
  onAll(
    action,
    call,
    [...catalogOf(call).keys()].map((name) => `database/${name}`),
  );

export const onTable = (action: string, database: string | undefined, name: string | undefined, call: Call) =>
  onAll(action, call, [`database/${folded(database)}`, `table/${folded(database)}/${folded(name)}`]);

/** A database and every table in it. */
export function onContent(action: string, database: string | undefined, call: Call): Demand[] {
  const name = folded(database);
  const tables = [...(catalogOf(call).get(name)?.tables.keys() ?? [])].map((table) => `table/${name}/${table}`);
  return onAll(action, call, [`database/${name}`, ...tables]);
}
