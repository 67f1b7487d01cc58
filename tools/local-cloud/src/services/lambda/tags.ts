import type {
  ListTagsCommandInput,
  ListTagsCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-lambda';
import { mappingsOf } from '../../event-sources/mapping.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { functionDemand } from './demands.ts';
import { invalidParameter, resourceNotFound, unsupported } from './errors.ts';
import { functionOf, referenceOf } from './function-reference.ts';
import { checkTags } from './tag-rules.ts';

interface ResourceInput {
  readonly Resource?: string | undefined;
}

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const tags = tagsOf(input, call);
    const added = input.Tags ?? {};
    checkTags({ ...Object.fromEntries(tags), ...added });
    for (const [key, value] of Object.entries(added)) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const tags = tagsOf(input, call);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

export const listTags = operation<ListTagsCommandInput, ListTagsCommandOutput>({
  demands: onResource('ListTags'),
  run: (input, call) => ({ Tags: Object.fromEntries(tagsOf(input, call)) }),
});

function onResource(action: string) {
  return (input: ResourceInput, call: Call): readonly Demand[] => {
    const { Resource = '' } = input;
    if (mappingParts.test(Resource)) return [{ action: `lambda:${action}`, resource: Resource }];
    return [functionDemand(call, action, functionReference(input, call))];
  };
}

/** Tags of the function or the event source mapping that an input names. */
function tagsOf(input: ResourceInput, call: Call): Map<string, string> {
  const [, region, account, uuid] = mappingParts.exec(input.Resource ?? '') ?? [];
  if (region === undefined || account === undefined || uuid === undefined) {
    return functionOf(call.cloud, functionReference(input, call)).tags;
  }
  const mapping = mappingsOf(call.cloud, account, region).get(uuid);
  if (!mapping) throw resourceNotFound();
  return mapping.tags;
}

const mappingParts = /^arn:aws:lambda:([^:]+):(\d{12}):event-source-mapping:([^:]+)$/;

/** Versions and aliases cannot have tags ("Using tags on Lambda functions"). */
function functionReference({ Resource = '' }: ResourceInput, call: Call) {
  if (!Resource.includes(':function:')) throw unsupported(`tags of ${Resource}`);
  const reference = referenceOf({ FunctionName: Resource }, call);
  if (reference.qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  return reference;
}
