import type { CreateApiDestinationCommandOutput } from '@aws-sdk/client-eventbridge';
import { physicalName } from '../physical-name.ts';
import type { Properties, ResourceProvider } from '../provider.ts';
import { unlessGone } from './calls.ts';
import { withoutId } from './events-connection.ts';

export const eventsApiDestination: ResourceProvider = {
  type: 'AWS::Events::ApiDestination',
  properties: [
    'ConnectionArn',
    'Description',
    'HttpMethod',
    'InvocationEndpoint',
    'InvocationRateLimitPerSecond',
    'Name',
  ],
  async create(request) {
    const Name = request.properties['Name'] ?? physicalName(request, { longest: 64 });
    const input = { Name, ...settingsOf(request.properties) };
    const { ApiDestinationArn: Arn = '' } = await request.call<CreateApiDestinationCommandOutput>(
      'events',
      'CreateApiDestination',
      input,
    );
    return { physicalId: Name, attributes: { Arn, ArnForPolicy: withoutId(Arn) } };
  },
  async update({ call, physicalId: Name, properties, attributes }) {
    // What is not given is as by default, also after it was given.
    const defaults = { Description: '', InvocationRateLimitPerSecond: 300 };
    await call('events', 'UpdateApiDestination', { Name, ...defaults, ...settingsOf(properties) });
    return { physicalId: Name, attributes };
  },
  async delete({ call, physicalId: Name }) {
    await unlessGone(['ResourceNotFoundException'], () => call('events', 'DeleteApiDestination', { Name }));
  },
};

function settingsOf({ Name: _, ...settings }: Properties): object {
  return settings;
}
