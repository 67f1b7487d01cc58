import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const glueTable: ResourceProvider = {
  type: 'AWS::Glue::Table',
  properties: ['CatalogId', 'DatabaseName', 'Name', 'TableInput'],
  async create(request) {
    const { CatalogId, DatabaseName, Name: name, TableInput } = request.properties;
    const Name = name ?? TableInput?.Name ?? physicalName(request, { longest: 255, letters: 'lower' });
    const input = { CatalogId, DatabaseName, TableInput: TableInput && tableInput(TableInput, Name) };
    await request.call('glue', 'CreateTable', input);
    return { physicalId: Name };
  },
  async update({ call, physicalId: Name, properties }) {
    const { CatalogId, DatabaseName, TableInput } = properties;
    const input = { CatalogId, DatabaseName, TableInput: TableInput && tableInput(TableInput, Name) };
    await call('glue', 'UpdateTable', input);
    return { physicalId: Name };
  },
  async delete({ call, physicalId: Name, properties: { CatalogId, DatabaseName } }) {
    await unlessGone(['EntityNotFoundException'], () => call('glue', 'DeleteTable', { CatalogId, DatabaseName, Name }));
  },
};

/** Parameters are any JSON in a template, and text in the catalog. */
function tableInput(given: Properties, Name: string): object {
  const Parameters = Object.entries(given['Parameters'] ?? {}).map(([key, value]) => [key, String(value)]);
  return { ...given, Name, ...(given['Parameters'] && { Parameters: Object.fromEntries(Parameters) }) };
}
