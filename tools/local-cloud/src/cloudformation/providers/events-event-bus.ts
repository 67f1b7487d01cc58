import type {
  CreateEventBusCommandOutput,
  DescribeEventBusCommandOutput,
  ListTagsForResourceCommandOutput,
} from '@aws-sdk/client-eventbridge';
import type { Properties, ResourceProvider, ResourceRequest, ResourceResult } from '../provider.ts';
import { ifThere, policyText, tagChanges } from './calls.ts';

export const eventsEventBus: ResourceProvider = {
  type: 'AWS::Events::EventBus',
  properties: [
    'DeadLetterConfig',
    'Description',
    'EventSourceName',
    'KmsKeyIdentifier',
    'LogConfig',
    'Name',
    'Policy',
    'Tags',
  ],
  async create(request) {
    const { Name, Tags, Policy, EventSourceName } = request.properties;
    const input = { Name, Tags, EventSourceName, ...settingsOf(request.properties) };
    await request.call<CreateEventBusCommandOutput>('events', 'CreateEventBus', input);
    request.created(Name);
    if (Policy) await putPolicy(request, Name);
    return resultOf(request, Name);
  },
  async update(request) {
    const { physicalId: Name, properties, previous, call } = request;
    await call('events', 'UpdateEventBus', { Name, ...settingsOf(properties) });
    const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
    const ResourceARN = arnOf(request, Name);
    if (removed.length > 0) await call('events', 'UntagResource', { ResourceARN, TagKeys: removed });
    if (set.length > 0) await call('events', 'TagResource', { ResourceARN, Tags: set });
    if (properties['Policy']) await putPolicy(request, Name);
    else if (previous['Policy']) {
      await call('events', 'RemovePermission', { EventBusName: Name, RemoveAllPermissions: true });
    }
    return resultOf(request, Name);
  },
  async delete({ call, physicalId: Name }) {
    await call('events', 'DeleteEventBus', { Name });
  },
  async read(request) {
    const { physicalId: Name, call } = request;
    const bus = await ifThere(['ResourceNotFoundException'], () =>
      call<DescribeEventBusCommandOutput>('events', 'DescribeEventBus', { Name }),
    );
    if (!bus) return undefined;
    const resource = { ResourceARN: bus.Arn };
    const { Tags } = await call<ListTagsForResourceCommandOutput>('events', 'ListTagsForResource', resource);
    const { Description, DeadLetterConfig, Policy } = bus;
    const properties = {
      Name,
      Description,
      DeadLetterConfig,
      Tags: Tags?.length ? Tags : undefined,
      // Statements of AWS::Events::EventBusPolicy are in it as well.
      ...(request.properties['Policy'] && { Policy: Policy === undefined ? undefined : JSON.parse(Policy) }),
    };
    return { ...resultOf(request, Name), properties };
  },
};

function settingsOf({ DeadLetterConfig, Description, KmsKeyIdentifier, LogConfig }: Properties): object {
  return { DeadLetterConfig, Description, KmsKeyIdentifier, LogConfig };
}

function putPolicy({ call, properties }: ResourceRequest, EventBusName: string): Promise<unknown> {
  return call('events', 'PutPermission', { EventBusName, Policy: policyText(properties['Policy']) });
}

const arnOf = ({ account, region }: ResourceRequest, name: string) =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

function resultOf(request: ResourceRequest, Name: string): ResourceResult {
  return { physicalId: Name, attributes: { Arn: arnOf(request, Name), Name } };
}
