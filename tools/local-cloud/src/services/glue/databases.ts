import type {
  CreateDatabaseCommandInput,
  CreateDatabaseCommandOutput,
  Database,
  DatabaseInput,
  DeleteDatabaseCommandInput,
  DeleteDatabaseCommandOutput,
  GetDatabaseCommandInput,
  GetDatabaseCommandOutput,
  GetDatabasesCommandInput,
  GetDatabasesCommandOutput,
  UpdateDatabaseCommandInput,
  UpdateDatabaseCommandOutput,
} from '@aws-sdk/client-glue';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { checkNames, checkSupported, pageOf } from './check.ts';
import { onContent, onDatabase, onDatabases } from './demands.ts';
import { catalogOf, databaseOf, folded, type StoredDatabase } from './state.ts';

function checkInput({ Name, Description, TargetDatabase, FederatedDatabase }: DatabaseInput, call: Call): void {
  checkNames({ name: Name }, Description);
  checkSupported({}, call, { TargetDatabase, FederatedDatabase });
}

const createDatabase = operation<CreateDatabaseCommandInput, CreateDatabaseCommandOutput>({
  demands: ({ DatabaseInput }, call) => onDatabase('CreateDatabase', DatabaseInput?.Name, call),
  run(input, call) {
    const given = input.DatabaseInput as DatabaseInput;
    checkInput(given, call);
    checkSupported(input, call, { Tags: input.Tags });
    const name = folded(given.Name);
    const catalog = catalogOf(call);
    if (catalog.has(name)) throw new AwsError('AlreadyExistsException', 'Database already exists.');
    catalog.set(name, { name, input: given, created: new Date(call.cloud.clock.now()), tables: new Map() });
    return {};
  },
});

const getDatabase = operation<GetDatabaseCommandInput, GetDatabaseCommandOutput>({
  demands: ({ Name }, call) => onDatabase('GetDatabase', Name, call),
  run(input, call) {
    checkSupported(input, call);
    return { Database: described(databaseOf(input.Name, call), call) };
  },
});

const getDatabases = operation<GetDatabasesCommandInput, GetDatabasesCommandOutput>({
  demands: (_, call) => onDatabases('GetDatabases', call),
  run(input, call) {
    const { ResourceShareType, AttributesToGet } = input;
    checkSupported(input, call, { ResourceShareType, AttributesToGet });
    const { items, ...next } = pageOf(catalogOf(call).values(), input);
    return { DatabaseList: items.map((database) => described(database, call)), ...next };
  },
});

/** "Updates an existing database definition": what is not given is gone. The name stays. */
const updateDatabase = operation<UpdateDatabaseCommandInput, UpdateDatabaseCommandOutput>({
  demands: ({ Name }, call) => onDatabase('UpdateDatabase', Name, call),
  run(input, call) {
    const given = input.DatabaseInput as DatabaseInput;
    checkInput(given, call);
    checkSupported(input, call);
    const database = databaseOf(input.Name, call);
    if (folded(given.Name) !== database.name) {
      throw new AwsError('InvalidInputException', 'Database name cannot be changed.');
    }
    catalogOf(call).set(database.name, { ...database, input: given });
    return {};
  },
});

/** "After completing this operation, you no longer have access to the tables …": here they are gone at once. */
const deleteDatabase = operation<DeleteDatabaseCommandInput, DeleteDatabaseCommandOutput>({
  demands: ({ Name }, call) => onContent('DeleteDatabase', Name, call),
  run(input, call) {
    checkSupported(input, call);
    catalogOf(call).delete(databaseOf(input.Name, call).name);
    return {};
  },
});

function described({ name, input, created }: StoredDatabase, { account }: Call): Database {
  return { ...input, Name: name, CreateTime: created, CatalogId: account };
}

export const databaseOperations = {
  CreateDatabase: createDatabase,
  DeleteDatabase: deleteDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  UpdateDatabase: updateDatabase,
};
