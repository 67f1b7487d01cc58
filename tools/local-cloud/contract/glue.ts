import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  UpdateDatabaseCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { expect } from 'vitest';
import { glue as service } from '../src/services/glue/service.ts';
import { type Contract, refusal, type Target } from './contract.ts';

const databases = 'AWS Glue API, Database API';
const tables = 'AWS Glue API, Table API';

async function database(target: Target) {
  const glue = target.client(GlueClient);
  const Name = target.name();
  const DatabaseInput = { Name, Description: 'logs' };
  await glue.send(new CreateDatabaseCommand({ DatabaseInput }));
  target.afterwards(() => glue.send(new DeleteDatabaseCommand({ Name })));
  return { glue, Name, DatabaseInput };
}

/** A table over a bucket that nobody looks into. */
async function table(target: Target) {
  const { glue, Name: DatabaseName } = await database(target);
  const TableInput = {
    Name: 'records',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { 'projection.enabled': 'true' },
    PartitionKeys: [{ Name: 'date', Type: 'string' }],
    StorageDescriptor: { Columns: [{ Name: 'message', Type: 'string' }], Location: 's3://none/records/' },
  };
  await glue.send(new CreateTableCommand({ DatabaseName, TableInput }));
  const read = async () => (await glue.send(new GetTableCommand({ DatabaseName, Name: 'records' }))).Table;
  return { glue, DatabaseName, TableInput, read };
}

export const glue: Contract = {
  service,
  claims: [
    {
      operation: 'CreateDatabase',
      claim: 'refuses a name that is taken, in whatever case',
      source: databases,
      async run(target) {
        const { glue, Name } = await database(target);
        const again = glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: Name.toUpperCase() } }));
        expect((await refusal(again)).name).toBe('AlreadyExistsException');
      },
    },
    {
      operation: 'CreateDatabase',
      claim: 'refuses a description of more than 2,048 characters',
      limit: '2,048 characters',
      source: databases,
      async run(target) {
        const glue = target.client(GlueClient);
        const DatabaseInput = { Name: target.name(), Description: 'x'.repeat(2049) };
        expect((await refusal(glue.send(new CreateDatabaseCommand({ DatabaseInput })))).name).toBe(
          'ValidationException',
        );
      },
    },
    {
      operation: 'GetDatabase',
      beside: ['DeleteDatabase'],
      claim: 'finds a database until it is deleted',
      source: databases,
      async run(target) {
        const { glue, Name, DatabaseInput } = await database(target);
        const { Database } = await glue.send(new GetDatabaseCommand({ Name }));
        expect(Database).toMatchObject({ ...DatabaseInput, CatalogId: target.account, CreateTime: expect.any(Date) });
        await glue.send(new DeleteDatabaseCommand({ Name }));
        expect((await refusal(glue.send(new GetDatabaseCommand({ Name })))).name).toBe('EntityNotFoundException');
        await glue.send(new CreateDatabaseCommand({ DatabaseInput }));
      },
    },
    {
      operation: 'GetDatabases',
      claim: 'lists databases page by page',
      source: databases,
      async run(target) {
        const { glue, Name } = await database(target);
        const second = await database(target);
        const found: (string | undefined)[] = [];
        let NextToken: string | undefined;
        do {
          const page = await glue.send(new GetDatabasesCommand({ MaxResults: 1, NextToken }));
          expect(page.DatabaseList?.length).toBeLessThanOrEqual(1);
          found.push(...(page.DatabaseList ?? []).map((database) => database.Name));
          ({ NextToken } = page);
        } while (NextToken);
        expect(found).toEqual(expect.arrayContaining([Name, second.Name]));
      },
    },
    {
      operation: 'UpdateDatabase',
      claim: 'puts a definition in the place of the old one',
      source: databases,
      async run(target) {
        const { glue, Name } = await database(target);
        await glue.send(new UpdateDatabaseCommand({ Name, DatabaseInput: { Name, Parameters: { kept: 'a year' } } }));
        const { Database } = await glue.send(new GetDatabaseCommand({ Name }));
        expect(Database?.Parameters).toEqual({ kept: 'a year' });
        expect(Database?.Description).toBeUndefined();
      },
    },
    {
      operation: 'CreateTable',
      claim: 'refuses a name that is taken, and a database that is not there',
      source: tables,
      async run(target) {
        const { glue, DatabaseName, TableInput } = await table(target);
        const again = glue.send(new CreateTableCommand({ DatabaseName, TableInput }));
        expect((await refusal(again)).name).toBe('AlreadyExistsException');
        const nowhere = glue.send(new CreateTableCommand({ DatabaseName: target.name(), TableInput }));
        expect((await refusal(nowhere)).name).toBe('EntityNotFoundException');
      },
    },
    {
      operation: 'GetTable',
      claim: 'answers what the table was created with, its database and its catalog',
      source: tables,
      async run(target) {
        const { DatabaseName, TableInput, read } = await table(target);
        expect(await read()).toMatchObject({ ...TableInput, DatabaseName, CatalogId: target.account });
      },
    },
    {
      operation: 'GetTables',
      beside: ['DeleteTable'],
      claim: 'lists the tables of a database as long as they are there',
      source: tables,
      async run(target) {
        const { glue, DatabaseName } = await table(target);
        const names = async () =>
          (await glue.send(new GetTablesCommand({ DatabaseName }))).TableList?.map(({ Name }) => Name);
        expect(await names()).toEqual(['records']);
        await glue.send(new DeleteTableCommand({ DatabaseName, Name: 'records' }));
        expect(await names()).toEqual([]);
      },
    },
    {
      operation: 'UpdateTable',
      claim: 'puts a definition in the place of the old one, as the next version',
      source: tables,
      async run(target) {
        const { glue, DatabaseName, TableInput, read } = await table(target);
        const before = Number((await read())?.VersionId);
        const Parameters = { 'projection.enabled': 'false' };
        await glue.send(new UpdateTableCommand({ DatabaseName, TableInput: { ...TableInput, Parameters } }));
        expect(await read()).toMatchObject({ Parameters, VersionId: String(before + 1) });
      },
    },
  ],
};
