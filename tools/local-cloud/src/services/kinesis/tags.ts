import type {
  AddTagsToStreamCommandInput,
  AddTagsToStreamCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  ListTagsForStreamCommandInput,
  ListTagsForStreamCommandOutput,
  RemoveTagsFromStreamCommandInput,
  RemoveTagsFromStreamCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-kinesis';
import { between, sizeBetween } from '../../constraints.ts';
import { type Call, operation } from '../../service.ts';
import { resourceOf } from './consumer-reference.ts';
import { onResource, onStream } from './demands.ts';
import { validate } from './errors.ts';
import { type Stream, type StreamConsumer, streamOf } from './state.ts';
import { checkTagCount, checkTags } from './tag-rules.ts';

export const addTagsToStream = operation<AddTagsToStreamCommandInput, AddTagsToStreamCommandOutput>({
  demands: onStream('AddTagsToStream'),
  run(input, call) {
    addTags(streamOf(input, call), input.Tags ?? {}, call);
    return {};
  },
});

export const removeTagsFromStream = operation<RemoveTagsFromStreamCommandInput, RemoveTagsFromStreamCommandOutput>({
  demands: onStream('RemoveTagsFromStream'),
  run(input, call) {
    removeTags(streamOf(input, call), input.TagKeys ?? []);
    return {};
  },
});

export const listTagsForStream = operation<ListTagsForStreamCommandInput, ListTagsForStreamCommandOutput>({
  demands: onStream('ListTagsForStream'),
  run(input, call) {
    validate(between('limit', input.Limit, 1, 50));
    const after = input.ExclusiveStartTagKey ?? '';
    const tags = listTags(streamOf(input, call)).filter(({ Key }) => Key > after);
    const page = tags.slice(0, input.Limit);
    return { Tags: page, HasMoreTags: page.length < tags.length };
  },
});

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    addTags(resourceOf(input.ResourceARN ?? '', call), input.Tags ?? {}, call);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    removeTags(resourceOf(input.ResourceARN ?? '', call), input.TagKeys ?? []);
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: listTags(resourceOf(input.ResourceARN ?? '', call)) }),
});

type Tagged = Stream | StreamConsumer;

function addTags(resource: Tagged, tags: Readonly<Record<string, string>>, { account }: Call): void {
  validate(sizeBetween('tags', Object.keys(tags).length, 1, 200));
  checkTags(tags);
  const merged = new Map([...resource.tags, ...Object.entries(tags)]);
  checkTagCount(merged.size, resource.name, account);
  resource.tags = merged;
}

function removeTags(resource: Tagged, keys: readonly string[]): void {
  validate(sizeBetween('tagKeys', keys.length, 1, 50));
  for (const key of keys) resource.tags.delete(key);
}

function listTags(resource: Tagged): { Key: string; Value: string }[] {
  return [...resource.tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}
