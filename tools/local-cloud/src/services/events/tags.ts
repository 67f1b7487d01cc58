import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-eventbridge';
import { lengthBetween } from '../../constraints.ts';
import { validationError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { limitExceeded, notFound, validate } from './errors.ts';
import { defaultBus, eventsOf } from './state.ts';

/** Tag (API Reference): at most 50 tags a resource. */
const mostTags = 50;

interface Tagged {
  readonly tags: Map<string, string>;
}

interface ResourceInput {
  readonly ResourceARN: string | undefined;
}

const onResource =
  (action: string) =>
  ({ ResourceARN = '' }: ResourceInput) => [{ action: `events:${action}`, resource: ResourceARN }];

const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    addTags(taggedOf(input, call), input.Tags);
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

/** Throws ValidationException for a tag that is too long, LimitExceededException for too many. */
export function addTags({ tags }: Tagged, added: readonly Tag[] = []): void {
  validate(
    ...added.flatMap(({ Key, Value }) => [
      lengthBetween('tags.member.key', Key ?? '', 1, 128),
      lengthBetween('tags.member.value', Value ?? '', 0, 256),
    ]),
  );
  const merged = new Map([...tags, ...added.map(({ Key = '', Value = '' }) => [Key, Value] as const)]);
  if (merged.size > mostTags) throw limitExceeded();
  for (const [key, value] of merged) tags.set(key, value);
}

/** Buses and rules can be tagged. Throws ResourceNotFoundException. */
function taggedOf({ ResourceARN = '' }: ResourceInput, call: Call): Tagged {
  const [, region = '', account = '', type, path = ''] =
    /^arn:aws:events:([^:]+):(\d{12}):(event-bus|rule)\/(.+)$/.exec(ResourceARN) ?? [];
  if (!type)
    throw validationError(`Parameter ${ResourceARN} is not valid. Reason: Provided Arn is not in correct format.`);
  const { buses } = eventsOf(call.cloud, { account, region });
  const [rule = '', bus = defaultBus] = path.split('/').reverse();
  const found = type === 'rule' ? buses.get(bus)?.rules.get(rule) : buses.get(path);
  if (!found) throw notFound(type === 'rule' ? `Rule ${rule}` : `Event bus ${path}`);
  return found;
}

export const tagOperations = {
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};
