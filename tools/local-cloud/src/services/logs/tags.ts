import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  ListTagsLogGroupCommandInput,
  ListTagsLogGroupCommandOutput,
  TagLogGroupCommandInput,
  TagLogGroupCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagLogGroupCommandInput,
  UntagLogGroupCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Call, operation } from '../../service.ts';
import { nameInArn, onGroup, onGroupArn } from './log-group-reference.ts';
import { groupOf, type LogGroup } from './state.ts';
import { checkTagCount, checkTags } from './tag-rules.ts';

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onGroupArn('TagResource'),
  run: (input, call) => tag(groupByArn(input.resourceArn, call), input.tags ?? {}),
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onGroupArn('UntagResource'),
  run: (input, call) => untag(groupByArn(input.resourceArn, call), input.tagKeys ?? []),
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onGroupArn('ListTagsForResource'),
  run: (input, call) => ({ tags: Object.fromEntries(groupByArn(input.resourceArn, call).tags) }),
});

export const tagLogGroup = operation<TagLogGroupCommandInput, TagLogGroupCommandOutput>({
  demands: onGroup('TagLogGroup'),
  run: (input, call) => tag(groupOf(input, call), input.tags ?? {}),
});

export const untagLogGroup = operation<UntagLogGroupCommandInput, UntagLogGroupCommandOutput>({
  demands: onGroup('UntagLogGroup'),
  run: (input, call) => untag(groupOf(input, call), input.tags ?? []),
});

export const listTagsLogGroup = operation<ListTagsLogGroupCommandInput, ListTagsLogGroupCommandOutput>({
  demands: onGroup('ListTagsLogGroup'),
  run: (input, call) => ({ tags: Object.fromEntries(groupOf(input, call).tags) }),
});

function groupByArn(arn: string | undefined, call: Call): LogGroup {
  return groupOf({ logGroupName: nameInArn(arn ?? '') }, call);
}

function tag(group: LogGroup, tags: Readonly<Record<string, string>>) {
  checkTags(tags);
  const merged = new Map([...group.tags, ...Object.entries(tags)]);
  checkTagCount(merged.size, group.name);
  group.tags = merged;
  return {};
}

function untag(group: LogGroup, keys: readonly string[]) {
  for (const key of keys) group.tags.delete(key);
  return {};
}
