import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetDatabaseCommand, GetTableCommand, GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StackCloud, startStackCloud, template } from './cloudformation-support.ts';

let cloud: StackCloud;
let glue: GlueClient;
beforeAll(async () => {
  cloud = await startStackCloud();
  glue = cloud.client(GlueClient);
});
afterAll(() => cloud.close());

const catalog = { CatalogId: { Ref: 'AWS::AccountId' } };

/** As the CDK's CfnDatabase and CfnTable come out, with what a test changes of the table. */
const stack = (table: object = {}) =>
  template(
    {
      Database: { Type: 'AWS::Glue::Database', Properties: { ...catalog, DatabaseInput: { Name: 'archive' } } },
      Table: {
        Type: 'AWS::Glue::Table',
        Properties: {
          ...catalog,
          DatabaseName: { Ref: 'Database' },
          TableInput: {
            Name: 'logs',
            TableType: 'EXTERNAL_TABLE',
            StorageDescriptor: { Columns: [{ Name: 'message', Type: 'string' }], Location: 's3://bucket/' },
            ...table,
          },
        },
      },
    },
    { Outputs: { Names: { Value: { 'Fn::Join': ['.', [{ Ref: 'Database' }, { Ref: 'Table' }]] } } } },
  );
const table = async () => (await glue.send(new GetTableCommand({ DatabaseName: 'archive', Name: 'logs' }))).Table;

test('a database with its table: made, changed and taken away', async () => {
  const made = await cloud.create('archive', stack({ Parameters: { 'projection.enabled': true } }));
  expect(made?.StackStatus).toBe('CREATE_COMPLETE');
  expect(made?.Outputs?.[0]?.OutputValue).toBe('archive.logs');
  expect(await table()).toMatchObject({ Parameters: { 'projection.enabled': 'true' }, CatalogId: '000000000000' });

  expect((await cloud.update('archive', stack({ Description: 'changed' })))?.StackStatus).toBe('UPDATE_COMPLETE');
  expect(await table()).toMatchObject({ Description: 'changed', VersionId: '1' });

  await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: 'archive' }));
  await expect(cloud.settled('archive')).rejects.toThrow('does not exist');
  await expect(glue.send(new GetDatabaseCommand({ Name: 'archive' }))).rejects.toThrow('Database archive not found.');
});

test('a database and a table that are renamed are new ones, and the old ones go', async () => {
  await cloud.create('renamed', stack());
  const renamed = JSON.parse(stack({ Name: 'lines' }));
  renamed.Resources.Database.Properties.DatabaseInput.Name = 'records';
  expect((await cloud.update('renamed', JSON.stringify(renamed)))?.StackStatus).toBe('UPDATE_COMPLETE');
  const { TableList } = await glue.send(new GetTablesCommand({ DatabaseName: 'records' }));
  expect(TableList?.map(({ Name }) => Name)).toEqual(['lines']);
  await expect(glue.send(new GetDatabaseCommand({ Name: 'archive' }))).rejects.toThrow('Database archive not found.');
});
