import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Properties, ResourceProvider, ResourceRequest } from '../provider.ts';
import { ifThere, tagChanges, tagMap, unlessGone, until } from './calls.ts';

export const lambdaEventSourceMapping: ResourceProvider = {
  type: 'AWS::Lambda::EventSourceMapping',
  properties: [
    'BatchSize',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'Enabled',
    'EventSourceArn',
    'FilterCriteria',
    'FunctionName',
    'FunctionResponseTypes',
    'MaximumBatchingWindowInSeconds',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'ScalingConfig',
    'StartingPosition',
    'StartingPositionTimestamp',
    'Tags',
    'TumblingWindowInSeconds',
  ],
  async create(request) {
    const { Tags, StartingPositionTimestamp: seconds, ...rest } = request.properties;
    const input = {
      ...rest,
      ...(Tags && { Tags: tagMap(Tags) }),
      ...(seconds !== undefined && { StartingPositionTimestamp: new Date(seconds * 1000) }),
    };
    const mapping = await request.call<EventSourceMappingConfiguration>('lambda', 'CreateEventSourceMapping', input);
    const id = mapping.UUID as string;
    request.created(id);
    await settled(request, id);
    return resultOf(mapping);
  },
  async update(request) {
    const { physicalId: UUID, properties, previous } = request;
    await settled(request, UUID);
    const defaults = String(properties['EventSourceArn']).split(':')[2] === 'sqs' ? queueDefaults : streamDefaults;
    const input = { ...defaults, ...changeable(properties), UUID };
    const mapping = await request.call<EventSourceMappingConfiguration>('lambda', 'UpdateEventSourceMapping', input);
    const Resource = mapping.EventSourceMappingArn;
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    if (removed.length > 0) await request.call('lambda', 'UntagResource', { Resource, TagKeys: removed });
    if (set.length > 0) await request.call('lambda', 'TagResource', { Resource, Tags: tagMap(set) });
    await settled(request, UUID);
    return resultOf(mapping);
  },
  async delete(request) {
    const { physicalId: UUID } = request;
    await unlessGone(['ResourceNotFoundException'], () => request.call('lambda', 'DeleteEventSourceMapping', { UUID }));
    await until(request, async () => (await mappingOf(request, UUID)) === undefined);
  },
};

/** What a property left out of the template is set back to. */
const commonDefaults = {
  Enabled: true,
  FilterCriteria: { Filters: [] },
  FunctionResponseTypes: [],
  MaximumBatchingWindowInSeconds: 0,
};

const queueDefaults = { ...commonDefaults, BatchSize: 10, ScalingConfig: {} };

const streamDefaults = {
  ...commonDefaults,
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  DestinationConfig: {},
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  TumblingWindowInSeconds: 0,
};

function changeable(properties: Properties): Properties {
  const { EventSourceArn, StartingPosition, StartingPositionTimestamp, Tags, ...rest } = properties;
  return rest;
}

async function mappingOf(request: ResourceRequest, UUID: string): Promise<EventSourceMappingConfiguration | undefined> {
  return ifThere(['ResourceNotFoundException'], () =>
    request.call<EventSourceMappingConfiguration>('lambda', 'GetEventSourceMapping', { UUID }),
  );
}

/** Waits for Creating, Updating, Enabling or Disabling to be over. */
async function settled(request: ResourceRequest, UUID: string): Promise<void> {
  await until(request, async () => {
    const mapping = await mappingOf(request, UUID);
    return mapping === undefined || mapping.State === 'Enabled' || mapping.State === 'Disabled';
  });
}

function resultOf({ UUID = '', EventSourceMappingArn }: EventSourceMappingConfiguration) {
  return { physicalId: UUID, attributes: { Id: UUID, EventSourceMappingArn } };
}
