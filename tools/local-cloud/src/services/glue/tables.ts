import type {
  CreateTableCommandInput,
  CreateTableCommandOutput,
  DeleteTableCommandInput,
  DeleteTableCommandOutput,
  GetTableCommandInput,
  GetTableCommandOutput,
  GetTablesCommandInput,
  GetTablesCommandOutput,
  Table,
  TableInput,
  UpdateTableCommandInput,
  UpdateTableCommandOutput,
} from '@aws-sdk/client-glue';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { checkNames, checkSupported, pageOf } from './check.ts';
import { onContent, onTable } from './demands.ts';
import { databaseOf, folded, type StoredTable, tableOf } from './state.ts';

function checkInput(databaseName: string | undefined, input: TableInput, call: Call): void {
  const { Name: name, Description, TargetTable, FederatedTable, ViewDefinition } = input;
  checkNames({ databaseName, name }, Description);
  checkSupported({}, call, { TargetTable, FederatedTable, ViewDefinition });
}

/** Throws InvalidInputException where a request describes its table in another way. */
function inputOf(input: TableInput | undefined): TableInput {
  if (input) return input;
  throw new AwsError('InvalidInputException', 'The embedded cloud needs a TableInput: it has no other table formats.');
}

const createTable = operation<CreateTableCommandInput, CreateTableCommandOutput>({
  demands: ({ DatabaseName, TableInput }, call) => onTable('CreateTable', DatabaseName, TableInput?.Name, call),
  run(input, call) {
    const { CatalogId: _, DatabaseName, TableInput, ...others } = input;
    checkSupported(input, call, others);
    const given = inputOf(TableInput);
    checkInput(DatabaseName, given, call);
    const { tables } = databaseOf(DatabaseName, call);
    const name = folded(given.Name);
    if (tables.has(name)) throw new AwsError('AlreadyExistsException', 'Table already exists.');
    const now = new Date(call.cloud.clock.now());
    tables.set(name, { name, input: given, created: now, updated: now, createdBy: call.caller.arn, version: 0 });
    return {};
  },
});

const getTable = operation<GetTableCommandInput, GetTableCommandOutput>({
  demands: ({ DatabaseName, Name }, call) => onTable('GetTable', DatabaseName, Name, call),
  run(input, call) {
    const { CatalogId: _, DatabaseName, Name, ...others } = input;
    checkSupported(input, call, others);
    return { Table: described(DatabaseName, tableOf(DatabaseName, Name, call), call) };
  },
});

const getTables = operation<GetTablesCommandInput, GetTablesCommandOutput>({
  demands: ({ DatabaseName }, call) => onContent('GetTables', DatabaseName, call),
  run(input, call) {
    const { CatalogId: _, DatabaseName, NextToken, MaxResults, ...narrowing } = input;
    checkSupported(input, call, narrowing);
    const { name, tables } = databaseOf(DatabaseName, call);
    const { items, ...next } = pageOf(tables.values(), { NextToken, MaxResults });
    return { TableList: items.map((table) => described(name, table, call)), ...next };
  },
});

/** The new definition takes the old one's place as a whole. Earlier versions are not kept, whatever SkipArchive says. */
const updateTable = operation<UpdateTableCommandInput, UpdateTableCommandOutput>({
  demands: ({ DatabaseName, TableInput }, call) => onTable('UpdateTable', DatabaseName, TableInput?.Name, call),
  run(input, call) {
    const { CatalogId: _, DatabaseName, TableInput, SkipArchive: __, ...others } = input;
    checkSupported(input, call, others);
    const given = inputOf(TableInput);
    checkInput(DatabaseName, given, call);
    const table = tableOf(DatabaseName, given.Name, call);
    const updated = new Date(call.cloud.clock.now());
    const { tables } = databaseOf(DatabaseName, call);
    tables.set(table.name, { ...table, input: given, updated, version: table.version + 1 });
    return {};
  },
});

const deleteTable = operation<DeleteTableCommandInput, DeleteTableCommandOutput>({
  demands: ({ DatabaseName, Name }, call) => onTable('DeleteTable', DatabaseName, Name, call),
  run(input, call) {
    checkSupported(input, call, { TransactionId: input.TransactionId });
    const { name } = tableOf(input.DatabaseName, input.Name, call);
    databaseOf(input.DatabaseName, call).tables.delete(name);
    return {};
  },
});

function described(database: string | undefined, table: StoredTable, { account }: Call): Table {
  return {
    ...table.input,
    Name: table.name,
    DatabaseName: folded(database),
    CreateTime: table.created,
    UpdateTime: table.updated,
    CreatedBy: table.createdBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: account,
    VersionId: String(table.version),
  };
}

export const tableOperations = {
  CreateTable: createTable,
  DeleteTable: deleteTable,
  GetTable: getTable,
  GetTables: getTables,
  UpdateTable: updateTable,
};
