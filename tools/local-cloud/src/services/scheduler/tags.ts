import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-scheduler';
import { validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { groupOf, type ScheduleGroup } from './state.ts';

const onResource =
  (action: string) =>
  ({ ResourceArn = '' }: { ResourceArn: string | undefined }) => [
    { action: `scheduler:${action}`, resource: ResourceArn },
  ];

const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    tag(taggedOf(input, call), input.Tags);
    return {};
  },
});

const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const { tags } = taggedOf(input, call);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: tagList(taggedOf(input, call).tags) }),
});

/** Groups can be tagged, schedules can't. */
function taggedOf({ ResourceArn = '' }: { ResourceArn: string | undefined }, call: Call): ScheduleGroup {
  const [, name] = /^arn:aws:scheduler:[^:]+:\d{12}:schedule-group\/([0-9a-zA-Z-_.]+)$/.exec(ResourceArn) ?? [];
  if (!name) throw validationError(`${ResourceArn} is not the ARN of a schedule group.`);
  return groupOf(name, call);
}

/** Sets tags; a key that is there gets the new value. */
export function tag({ tags }: ScheduleGroup, added: readonly Tag[] = []): void {
  for (const { Key = '', Value = '' } of added) tags.set(Key, Value);
}

export const tagOperations = {
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};
