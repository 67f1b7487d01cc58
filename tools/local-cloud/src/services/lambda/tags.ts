import type {
  ListTagsCommandInput,
  ListTagsCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-lambda';
import { type Call, type Demand, operation } from '../../service.ts';
import { functionDemand } from './demands.ts';
import { invalidParameter, unsupported } from './errors.ts';
import { functionOf, referenceOf } from './function-reference.ts';
import { checkTags } from './tag-rules.ts';

interface ResourceInput {
  readonly Resource?: string | undefined;
}

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const { tags } = taggedFunction(input, call);
    const added = input.Tags ?? {};
    checkTags({ ...Object.fromEntries(tags), ...added });
    for (const [key, value] of Object.entries(added)) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const { tags } = taggedFunction(input, call);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

export const listTags = operation<ListTagsCommandInput, ListTagsCommandOutput>({
  demands: onResource('ListTags'),
  run: (input, call) => ({ Tags: Object.fromEntries(taggedFunction(input, call).tags) }),
});

function onResource(action: string) {
  return (input: ResourceInput, call: Call): readonly Demand[] => [
    functionDemand(call, action, functionReference(input, call)),
  ];
}

function taggedFunction(input: ResourceInput, call: Call) {
  return functionOf(call.cloud, functionReference(input, call));
}

/** Versions and aliases cannot have tags ("Using tags on Lambda functions"). */
function functionReference({ Resource = '' }: ResourceInput, call: Call) {
  if (!Resource.includes(':function:')) throw unsupported(`tags of ${Resource}`);
  const reference = referenceOf({ FunctionName: Resource }, call);
  if (reference.qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  return reference;
}
