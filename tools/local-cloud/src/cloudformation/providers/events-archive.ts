import type { CreateArchiveCommandOutput } from '@aws-sdk/client-eventbridge';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';

export const eventsArchive: ResourceProvider = {
  type: 'AWS::Events::Archive',
  properties: ['ArchiveName', 'Description', 'EventPattern', 'KmsKeyIdentifier', 'RetentionDays', 'SourceArn'],
  async create(request) {
    const ArchiveName = request.properties['ArchiveName'] ?? physicalName(request, { longest: 48 });
    const input = { ArchiveName, EventSourceArn: request.properties['SourceArn'], ...settingsOf(request.properties) };
    const { ArchiveArn } = await request.call<CreateArchiveCommandOutput>('events', 'CreateArchive', input);
    return { physicalId: ArchiveName, attributes: { Arn: ArchiveArn, ArchiveName } };
  },
  async update({ call, physicalId: ArchiveName, properties, attributes }) {
    await call('events', 'UpdateArchive', { ArchiveName, ...settingsOf(properties) });
    return { physicalId: ArchiveName, attributes };
  },
  async delete({ call, physicalId: ArchiveName }) {
    await unlessGone(['ResourceNotFoundException'], () => call('events', 'DeleteArchive', { ArchiveName }));
  },
};

/** What is not given is as by default, also after it was given. */
function settingsOf({ Description = '', EventPattern, KmsKeyIdentifier, RetentionDays = 0 }: Properties): object {
  return {
    Description,
    RetentionDays,
    KmsKeyIdentifier,
    EventPattern: typeof EventPattern === 'object' ? JSON.stringify(EventPattern) : (EventPattern ?? ''),
  };
}
