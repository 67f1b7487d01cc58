import type {
  ListTagsOfResourceCommandInput,
  ListTagsOfResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../errors.ts';
import { type Call, operation } from '../../../service.ts';
import { tagList } from '../../../tag-list.ts';
import { onResource } from '../demands.ts';
import { type Table, tablesOf } from '../state.ts';
import { locateArn } from '../table-reference.ts';
import { checkTagCount, checkTags, tagMap } from './tag-rules.ts';

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const table = resourceOf(input, call);
    checkTags(input.Tags ?? []);
    const merged = new Map([...table.tags, ...tagMap(input.Tags ?? [])]);
    checkTagCount(merged.size);
    table.tags = merged;
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const table = resourceOf(input, call);
    for (const key of input.TagKeys ?? []) table.tags.delete(key);
    return {};
  },
});

export const listTagsOfResource = operation<ListTagsOfResourceCommandInput, ListTagsOfResourceCommandOutput>({
  demands: onResource('ListTagsOfResource'),
  run(input, call) {
    const tags = [...resourceOf(input, call).tags].sort(([a], [b]) => (a < b ? -1 : 1));
    return { Tags: tagList(tags) };
  },
});

/** The table an ARN names. Throws ResourceNotFoundException. */
export function resourceOf({ ResourceArn }: { ResourceArn: string | undefined }, call: Call): Table {
  const location = locateArn(ResourceArn ?? '');
  const table = tablesOf(call.cloud, location.account, location.region).get(location.name);
  if (table) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${ResourceArn} not found`);
}
