import type {
  AttributeDefinition,
  BillingMode,
  KeySchemaElement,
  Projection,
  SSESpecification,
  StreamViewType,
  TableClass,
  TableStatus,
} from '@aws-sdk/client-dynamodb';
import type { Call, Cloud } from '../../service.ts';
import { type Collection, emptyCollection } from './collection.ts';
import { resourceInUse, tableNotFound, tableNotFoundByName } from './errors.ts';
import type { TableLocation } from './table-reference.ts';
import type { Meter } from './throughput.ts';

/** Units a second of a provisioned table or index. */
export interface Throughput {
  readonly read: number;
  readonly write: number;
}

export interface Index {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: Projection;
  readonly createdAt: number;
  throughput: Throughput;
  onDemandLimits?: OnDemandLimits | undefined;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  /** When CREATING, UPDATING or DELETING is over. Milliseconds since the epoch. */
  statusUntil?: number | undefined;
  readonly items: Collection;
}

export interface OnDemandLimits {
  readonly MaxReadRequestUnits?: number | undefined;
  readonly MaxWriteRequestUnits?: number | undefined;
}

export interface Table {
  readonly name: string;
  readonly arn: string;
  /** A UUID. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly keySchema: readonly KeySchemaElement[];
  attributes: readonly AttributeDefinition[];
  status: TableStatus;
  statusUntil?: number | undefined;
  billingMode: BillingMode;
  /** When the table last became PAY_PER_REQUEST. */
  onDemandSince?: number | undefined;
  throughput: Throughput;
  throughputIncreasedAt?: number | undefined;
  throughputDecreasedAt?: number | undefined;
  onDemandLimits?: OnDemandLimits | undefined;
  tableClass: TableClass;
  isDeletionProtected: boolean;
  encryption?: SSESpecification | undefined;
  readonly items: Collection;
  readonly indexes: Map<string, Index>;
  /** What is left of the throughput, of the table and of each global index. */
  readonly meters: Map<string, Meter>;
  tags: Map<string, string>;
  /** As it was put, and the revision it has since. */
  policy?: { readonly text: string; readonly revision: string } | undefined;
  timeToLive?: { readonly attribute: string; readonly enabled: boolean; readonly settledAt: number } | undefined;
  recovery?: { readonly since: number; readonly days: number } | undefined;
  stream?: { readonly viewType: StreamViewType; readonly label: string } | undefined;
}

interface State {
  readonly tables: Map<string, Table>;
}

/**
 * How long CREATING, UPDATING and DELETING last. AWS takes seconds; here it is only long enough for a client that does
 * not wait for ACTIVE to fail as it would there.
 */
const transitionMs = 200;

/** The tables of an account and region, by name; what was to happen to them by now has happened. */
export function tablesOf(cloud: Cloud, account: string, region: string): Map<string, Table> {
  const { tables } = cloud.store<State>('dynamodb', account, region, () => ({ tables: new Map() }));
  const now = cloud.clock.now();
  for (const table of tables.values()) settle(tables, table, now);
  return tables;
}

function settle(tables: Map<string, Table>, table: Table, now: number): void {
  for (const index of table.indexes.values()) {
    if (index.statusUntil === undefined || index.statusUntil > now) continue;
    if (index.status === 'DELETING') table.indexes.delete(index.name);
    index.status = 'ACTIVE';
    index.statusUntil = undefined;
  }
  if (table.statusUntil === undefined || table.statusUntil > now) return;
  if (table.status === 'DELETING') tables.delete(table.name);
  table.status = 'ACTIVE';
  table.statusUntil = undefined;
}

/** The table at a location, whatever its status, for operations on tables. Throws ResourceNotFoundException. */
export function tableAt(location: TableLocation, call: Call): Table {
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  if (!table) throw tableNotFoundByName(location.name);
  return table;
}

/** A table whose items can be read and written: not before it was ACTIVE once. Throws ResourceNotFoundException. */
export function readyTableAt(location: TableLocation, call: Call): Table {
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  if (!table || table.status === 'CREATING' || table.status === 'DELETING') throw tableNotFound();
  return table;
}

/** Puts a table or index into a status that the clock ends. */
export function begin(target: Table | Index, status: 'CREATING' | 'UPDATING' | 'DELETING', call: Call): void {
  target.status = status;
  target.statusUntil = call.cloud.clock.now() + transitionMs;
}

/** Throws ResourceInUseException while the table is being created, updated or deleted. */
export function requireActive(table: Table): void {
  if (table.status === 'ACTIVE') return;
  const doing = table.status.toLowerCase();
  throw resourceInUse(
    `Attempt to change a resource which is still in use: Table is being ${doing.replace(/ing$/, 'ed')}: ${table.name}`,
  );
}

export function newIndex(
  definition: Pick<Index, 'name' | 'kind' | 'keySchema' | 'projection' | 'throughput' | 'onDemandLimits'>,
  now: number,
): Index {
  return { ...definition, createdAt: now, status: 'ACTIVE', items: emptyCollection() };
}
