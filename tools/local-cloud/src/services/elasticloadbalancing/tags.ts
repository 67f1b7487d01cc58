import type {
  AddTagsCommandInput,
  AddTagsCommandOutput,
  DescribeTagsCommandInput,
  DescribeTagsCommandOutput,
  RemoveTagsCommandInput,
  RemoveTagsCommandOutput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { demand } from './demands.ts';
import { elbError, noListener, noLoadBalancer, noRule, noTargetGroup } from './errors.ts';
import { type ElbState, elbState } from './state.ts';

/** "Quotas for your Application Load Balancers": tags per resource. */
const mostTags = 50;

/** Throws for tags that cannot be set, before anything changes. */
export function checkTags(tags: readonly Tag[] = [], before: ReadonlyMap<string, string> = new Map()): void {
  const keys = tags.map(({ Key = '' }) => Key);
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) throw elbError('DuplicateTagKeys', `Tag key '${twice}' is specified more than once`);
  if (new Set([...keys, ...before.keys()]).size > mostTags) {
    throw elbError('TooManyTags', `A resource has at most ${mostTags} tags`);
  }
}

export function setTags(state: ElbState, arn: string, tags: readonly Tag[] = []): void {
  const merged = new Map(state.tags.get(arn));
  for (const { Key = '', Value = '' } of tags) merged.set(Key, Value);
  state.tags.set(arn, merged);
}

function checkResource(state: ElbState, arn: string): void {
  const kinds = [
    ['targetgroup', state.targetGroups, noTargetGroup],
    ['listener-rule', state.rules, noRule],
    ['listener', state.listeners, noListener],
    ['loadbalancer', state.loadBalancers, noLoadBalancer],
  ] as const;
  const [, store, missing] = kinds.find(([name]) => arn.split(':')[5]?.split('/')[0] === name) ?? kinds[3];
  if (!store.has(arn)) throw missing(arn);
}

const addTags = operation<AddTagsCommandInput, AddTagsCommandOutput>({
  demands: ({ ResourceArns = [] }) => demand('AddTags', ...ResourceArns),
  run({ ResourceArns = [], Tags = [] }, call) {
    const state = elbState(call.cloud, call);
    for (const arn of ResourceArns) {
      checkResource(state, arn);
      checkTags(Tags, state.tags.get(arn));
    }
    for (const arn of ResourceArns) setTags(state, arn, Tags);
    return {};
  },
});

const removeTags = operation<RemoveTagsCommandInput, RemoveTagsCommandOutput>({
  demands: ({ ResourceArns = [] }) => demand('RemoveTags', ...ResourceArns),
  run({ ResourceArns = [], TagKeys = [] }, call) {
    const state = elbState(call.cloud, call);
    for (const arn of ResourceArns) checkResource(state, arn);
    for (const arn of ResourceArns) for (const key of TagKeys) state.tags.get(arn)?.delete(key);
    return {};
  },
});

const describeTags = operation<DescribeTagsCommandInput, DescribeTagsCommandOutput>({
  demands: () => demand('DescribeTags', '*'),
  run({ ResourceArns = [] }, call) {
    const state = elbState(call.cloud, call);
    for (const arn of ResourceArns) checkResource(state, arn);
    return {
      TagDescriptions: ResourceArns.map((ResourceArn) => ({
        ResourceArn,
        Tags: tagList(state.tags.get(ResourceArn) ?? []),
      })),
    };
  },
});

export const tagOperations = { AddTags: addTags, RemoveTags: removeTags, DescribeTags: describeTags };
