import type {
  CreateTagsCommandInput,
  CreateTagsCommandOutput,
  DeleteTagsCommandInput,
  DeleteTagsCommandOutput,
  DescribeTagsCommandInput,
  DescribeTagsCommandOutput,
  ResourceType,
  Tag,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { filtered, paged } from './describe.ts';
import { ec2Error, invalidValue, missing, type ResourceKind } from './errors.ts';
import { type Ec2Input, ec2Operation, onAll, type Subject } from './operation.ts';
import type { Ec2State } from './state.ts';
import { ec2State } from './store.ts';

/** "Tag restrictions", Amazon EC2 User Guide. */
const mostTags = 50;

/** The kinds by the prefix of their IDs, with where they are kept. */
const kinds: Readonly<Record<string, readonly [ResourceKind, keyof Ec2State]>> = {
  vpc: ['vpc', 'vpcs'],
  subnet: ['subnet', 'subnets'],
  igw: ['internet-gateway', 'internetGateways'],
  rtb: ['route-table', 'routeTables'],
  acl: ['network-acl', 'networkAcls'],
  sg: ['security-group', 'securityGroups'],
  sgr: ['security-group-rule', 'securityGroupRules'],
  eni: ['network-interface', 'networkInterfaces'],
  eipalloc: ['elastic-ip', 'addresses'],
  nat: ['natgateway', 'natGateways'],
  vpce: ['vpc-endpoint', 'vpcEndpoints'],
  fl: ['vpc-flow-log', 'flowLogs'],
};

const kindOf = (id: string) => kinds[id.slice(0, id.lastIndexOf('-'))];

const subjectsOf = ({ Resources = [] }: { Resources?: string[] | undefined }): Subject[] =>
  Resources.map((id) => [kindOf(id)?.[0] ?? 'vpc', id]);

/** The tags of whatever has this ID. */
export function tagsOf(state: Ec2State, id: string): Tag[] {
  return tagList(state.tags.get(id) ?? []);
}

/** Sets the tags that came with a resource's creation. Throws before anything is created when they are not allowed. */
export function tagsOnCreation(kind: ResourceKind, { TagSpecifications = [] }: Ec2Input): readonly Tag[] {
  for (const { ResourceType } of TagSpecifications) {
    if (ResourceType !== kind) throw invalidValue(ResourceType, 'resourceType', `Only ${kind} is created here.`);
  }
  const tags = TagSpecifications.flatMap(({ Tags = [] }) => Tags);
  checkTags(tags);
  return tags;
}

export function setTags(state: Ec2State, id: string, tags: readonly Tag[]): void {
  if (tags.length === 0) return;
  const merged = new Map(state.tags.get(id));
  for (const { Key = '', Value = '' } of tags) merged.set(Key, Value);
  if (merged.size > mostTags) {
    throw ec2Error('TagLimitExceeded', `The maximum number of Tags for a resource has been reached.`);
  }
  state.tags.set(id, merged);
}

function checkTags(tags: readonly Tag[]): void {
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length === 0 || Key.length > 127) {
      throw invalidValue(Key, 'tag key', 'Tag keys must be between 1 and 127 characters in length.');
    }
    if (Key.startsWith('aws:')) {
      throw invalidValue(Key, 'tag key', 'Tag keys starting with aws: are reserved for internal use.');
    }
    if (Value.length > 255)
      throw invalidValue(Value, 'tag value', 'Tag values must be up to 255 characters in length.');
  }
}

function checkResources(state: Ec2State, resources: readonly string[]): void {
  for (const id of resources) {
    const kind = kindOf(id);
    if (!kind) throw ec2Error('InvalidID', `The ID '${id}' is not valid`);
    if (!state[kind[1]].has(id)) throw missing[kind[0]](id);
  }
}

const createTags = ec2Operation<CreateTagsCommandInput, CreateTagsCommandOutput>(
  'CreateTags',
  subjectsOf,
  ({ Resources = [], Tags = [] }, call) => {
    const state = ec2State(call.cloud, call);
    checkResources(state, Resources);
    checkTags(Tags);
    for (const id of Resources) setTags(state, id, Tags);
    return {};
  },
);

/** A tag given with a value goes only if it has that value; without any tags, all go. */
const deleteTags = ec2Operation<DeleteTagsCommandInput, DeleteTagsCommandOutput>(
  'DeleteTags',
  subjectsOf,
  ({ Resources = [], Tags }, call) => {
    const state = ec2State(call.cloud, call);
    checkResources(state, Resources);
    for (const id of Resources) {
      const tags = state.tags.get(id);
      for (const { Key = '', Value } of Tags ?? tagsOf(state, id)) {
        if (Value === undefined || tags?.get(Key) === Value) tags?.delete(Key);
      }
    }
    return {};
  },
);

const describeTags = ec2Operation<DescribeTagsCommandInput, DescribeTagsCommandOutput>(
  'DescribeTags',
  onAll,
  (input, call) => {
    const { tags } = ec2State(call.cloud, call);
    const all = [...tags].flatMap(([ResourceId, entries]) =>
      [...entries].map(([Key, Value]) => ({
        ResourceId,
        Key,
        Value,
        ResourceType: kindOf(ResourceId)?.[0] as ResourceType,
      })),
    );
    const { items, NextToken } = paged(
      filtered(all, input.Filters, {
        'resource-id': (tag) => tag.ResourceId,
        'resource-type': (tag) => tag.ResourceType,
        key: (tag) => tag.Key,
        value: (tag) => tag.Value,
      }),
      input,
    );
    return { Tags: items, NextToken };
  },
);

export const tagOperations = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags };

/** Creation as every kind has it: stored under its ID together with its tags. */
export function added<Item>(
  { call, kind, id, input }: { call: Call; kind: ResourceKind; id: string; input: Ec2Input },
  store: (state: Ec2State) => Map<string, Item>,
  item: Item,
): Item & { Tags: Tag[] } {
  const tags = tagsOnCreation(kind, input);
  const state = ec2State(call.cloud, call);
  store(state).set(id, item);
  setTags(state, id, tags);
  return { ...item, Tags: tagsOf(state, id) };
}
