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
import { operation } from '../../service.ts';
import { onResource, onStream } from './demands.ts';
import { validate } from './errors.ts';
import { type Stream, streamOf } from './state.ts';
import { checkTagCount, checkTags } from './tag-rules.ts';

export const addTagsToStream = operation<AddTagsToStreamCommandInput, AddTagsToStreamCommandOutput>({
  demands: onStream('AddTagsToStream'),
  run(input, call) {
    addTags(streamOf(input, call), input.Tags ?? {});
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
    addTags(streamOf({ StreamARN: input.ResourceARN }, call), input.Tags ?? {});
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    removeTags(streamOf({ StreamARN: input.ResourceARN }, call), input.TagKeys ?? []);
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: listTags(streamOf({ StreamARN: input.ResourceARN }, call)) }),
});

function addTags(stream: Stream, tags: Readonly<Record<string, string>>): void {
  validate(sizeBetween('tags', Object.keys(tags).length, 1, 200));
  checkTags(tags);
  const merged = new Map([...stream.tags, ...Object.entries(tags)]);
  checkTagCount(merged.size, stream.name, stream.account);
  stream.tags = merged;
}

function removeTags(stream: Stream, keys: readonly string[]): void {
  validate(sizeBetween('tagKeys', keys.length, 1, 50));
  for (const key of keys) stream.tags.delete(key);
}

function listTags(stream: Stream): { Key: string; Value: string }[] {
  return [...stream.tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
}
