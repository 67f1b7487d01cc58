import { physicalName } from '../physical-name.ts';
import type { ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const glueDatabase: ResourceProvider = {
  type: 'AWS::Glue::Database',
  properties: ['CatalogId', 'DatabaseInput', 'DatabaseName'],
  async create(request) {
    const { CatalogId, DatabaseInput, DatabaseName } = request.properties;
    const Name = DatabaseName ?? DatabaseInput.Name ?? physicalName(request, { longest: 255, letters: 'lower' });
    await request.call('glue', 'CreateDatabase', { CatalogId, DatabaseInput: { ...DatabaseInput, Name } });
    return { physicalId: Name };
  },
  async update({ call, physicalId: Name, properties }) {
    const { CatalogId, DatabaseInput } = properties;
    await call('glue', 'UpdateDatabase', { CatalogId, Name, DatabaseInput: { ...DatabaseInput, Name } });
    return { physicalId: Name };
  },
  async delete({ call, physicalId: Name, properties: { CatalogId } }) {
    await unlessGone(['EntityNotFoundException'], () => call('glue', 'DeleteDatabase', { CatalogId, Name }));
  },
};
