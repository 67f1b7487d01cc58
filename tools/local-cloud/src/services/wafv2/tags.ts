import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-wafv2';
import { operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { byArn } from './web-acls.ts';

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    for (const { Key = '', Value = '' } of input.Tags ?? []) tags[Key] = Value;
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    for (const key of input.TagKeys ?? []) delete tags[key];
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    const TagList = tagList(Object.entries(tags));
    return { TagInfoForResource: { ResourceARN: input.ResourceARN, TagList } };
  },
});
