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

/** "Actions, resources, and condition keys for AWS WAF V2": tags are permitted by web ACL. */
const onAcl =
  (action: string) =>
  ({ ResourceARN = '*' }: { readonly ResourceARN?: string | undefined }) => [
    { action: `wafv2:${action}`, resource: ResourceARN },
  ];

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onAcl('TagResource'),
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    for (const { Key = '', Value = '' } of input.Tags ?? []) tags[Key] = Value;
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onAcl('UntagResource'),
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    for (const key of input.TagKeys ?? []) delete tags[key];
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onAcl('ListTagsForResource'),
  run(input, call) {
    const { tags } = byArn(input.ResourceARN, call);
    const TagList = tagList(Object.entries(tags));
    return { TagInfoForResource: { ResourceARN: input.ResourceARN, TagList } };
  },
});
