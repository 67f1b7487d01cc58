import type {
  DescribeRuleCommandOutput,
  ListTargetsByRuleCommandOutput,
  PutRuleCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { physicalName } from '../physical-name.ts';
import type { CreateRequest, Properties, ResourceProvider, ResourceRequest, UpdateRequest } from '../provider.ts';
import { ifThere, tagChanges, unlessGone } from './calls.ts';
import { withTargetTask } from './target-task.ts';

const gone = ['ResourceNotFoundException'];

export const eventsRule: ResourceProvider = {
  type: 'AWS::Events::Rule',
  properties: [
    'Description',
    'EventBusName',
    'EventPattern',
    'Name',
    'RoleArn',
    'ScheduleExpression',
    'State',
    'Tags',
    'Targets',
  ],
  async create(request) {
    const Name = request.properties['Name'] ?? physicalName(request, { longest: 64 });
    const { RuleArn } = await putRule(request, Name);
    request.created(idOf(request.properties, Name));
    await putTargets(request, Name);
    return { physicalId: idOf(request.properties, Name), attributes: { Arn: RuleArn } };
  },
  async update(request) {
    const { physicalId, properties, previous, call } = request;
    const Name = nameIn(physicalId);
    const { RuleArn } = await putRule(request, Name);
    const kept = idsOf(properties);
    const removed = idsOf(previous).filter((id) => !kept.includes(id));
    if (removed.length > 0) await removeTargets(request, Name, removed);
    await putTargets(request, Name);
    const { set, removed: removedTags } = tagChanges(previous['Tags'], properties['Tags']);
    if (removedTags.length > 0) await call('events', 'UntagResource', { ResourceARN: RuleArn, TagKeys: removedTags });
    if (set.length > 0) await call('events', 'TagResource', { ResourceARN: RuleArn, Tags: set });
    return { physicalId, attributes: { Arn: RuleArn } };
  },
  async delete(request) {
    const { call, physicalId, properties } = request;
    const { EventBusName } = properties;
    const Name = nameIn(physicalId);
    await unlessGone(gone, async () => {
      const targets = await call<ListTargetsByRuleCommandOutput>('events', 'ListTargetsByRule', {
        Rule: Name,
        EventBusName,
      });
      const ids = (targets.Targets ?? []).flatMap(({ Id }) => Id ?? []);
      if (ids.length > 0) await removeTargets(request, Name, ids);
      await call('events', 'DeleteRule', { Name, EventBusName });
    });
  },
  async read({ call, physicalId, properties: given }) {
    const { EventBusName } = given;
    const Name = nameIn(physicalId);
    const rule = await ifThere(gone, () =>
      call<DescribeRuleCommandOutput>('events', 'DescribeRule', { Name, EventBusName }),
    );
    if (!rule) return undefined;
    const { Targets } = await call<ListTargetsByRuleCommandOutput>('events', 'ListTargetsByRule', {
      Rule: Name,
      EventBusName,
    });
    const { Description, EventPattern, RoleArn, ScheduleExpression, State, Arn } = rule;
    const properties = {
      Name,
      EventBusName: EventBusName ?? (rule.EventBusName === 'default' ? undefined : rule.EventBusName),
      Description,
      EventPattern: EventPattern === undefined ? undefined : JSON.parse(EventPattern),
      RoleArn,
      ScheduleExpression,
      State,
      Targets: Targets?.length ? Targets : undefined,
    };
    return { physicalId, attributes: { Arn }, properties };
  },
};

/** `Ref` gives the rule's name, behind the bus's when it is another than the default one. */
function idOf({ EventBusName }: Properties, name: string): string {
  return EventBusName === undefined || EventBusName === 'default' ? name : `${busNameOf(EventBusName)}|${name}`;
}

const busNameOf = (given: string) => given.split('event-bus/').at(-1) ?? given;
const nameIn = (physicalId: string) => physicalId.split('|').at(-1) ?? physicalId;
const idsOf = ({ Targets = [] }: Properties): string[] => Targets.map(({ Id }: { Id: string }) => Id);

function putRule({ properties, call }: CreateRequest | UpdateRequest, Name: string): Promise<PutRuleCommandOutput> {
  const { Description, EventBusName, EventPattern, RoleArn, ScheduleExpression, State, Tags } = properties;
  return call('events', 'PutRule', {
    Name,
    Description,
    EventBusName,
    RoleArn,
    ScheduleExpression,
    State,
    Tags,
    EventPattern: typeof EventPattern === 'object' ? JSON.stringify(EventPattern) : EventPattern,
  });
}

async function putTargets({ properties, call }: ResourceRequest, Rule: string): Promise<void> {
  const { EventBusName, Targets = [] } = properties;
  if (Targets.length === 0) return;
  await call('events', 'PutTargets', { Rule, EventBusName, Targets: Targets.map(withTargetTask) });
}

async function removeTargets(
  { properties, call }: ResourceRequest,
  Rule: string,
  Ids: readonly string[],
): Promise<void> {
  await call('events', 'RemoveTargets', { Rule, EventBusName: properties['EventBusName'], Ids });
}
