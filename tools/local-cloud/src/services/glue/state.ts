import type { DatabaseInput, TableInput } from '@aws-sdk/client-glue';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';

export interface StoredTable {
  readonly name: string;
  readonly input: TableInput;
  readonly created: Date;
  readonly updated: Date;
  /** ARN of who created it. */
  readonly createdBy: string;
  /** Counts its updates. */
  readonly version: number;
}

export interface StoredDatabase {
  readonly name: string;
  readonly input: DatabaseInput;
  readonly created: Date;
  readonly tables: Map<string, StoredTable>;
}

/** The databases of the catalog that an account has in each region, by name. */
export function catalogOf({ cloud, account, region }: Call): Map<string, StoredDatabase> {
  return cloud.store('glue', account, region, () => new Map<string, StoredDatabase>());
}

/** "For Hive compatibility, this is folded to lowercase when it is stored" (AWS Glue API, Database API and Table API). */
export const folded = (name = '') => name.toLowerCase();

/** Throws EntityNotFoundException. */
export function databaseOf(name: string | undefined, call: Call): StoredDatabase {
  const database = catalogOf(call).get(folded(name));
  if (!database) throw new AwsError('EntityNotFoundException', `Database ${name} not found.`);
  return database;
}

/** Throws EntityNotFoundException for a database or a table that is not there. */
export function tableOf(databaseName: string | undefined, name: string | undefined, call: Call): StoredTable {
  const table = databaseOf(databaseName, call).tables.get(folded(name));
  if (!table) throw new AwsError('EntityNotFoundException', `Table ${name} not found.`);
  return table;
}
