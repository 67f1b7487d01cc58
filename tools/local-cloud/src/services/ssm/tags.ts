import type {
  AddTagsToResourceCommandInput,
  AddTagsToResourceCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  RemoveTagsFromResourceCommandInput,
  RemoveTagsFromResourceCommandOutput,
  Tag,
} from '@aws-sdk/client-ssm';
import { AwsError, validationError } from '../../errors.ts';
import { type Call, type Demand, operation } from '../../service.ts';
import { findParameter, parameterArn, type StoredParameter } from './state.ts';

/** "AddTagsToResource": up to 50 tags, keys of 1 to 128 characters, values up to 256, none begins with `aws:`. */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50) throw new AwsError('TooManyTagsError', 'The number of tags exceeds the limit of 50.');
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key)) {
      throw validationError(
        `The tag '${Key}' is not valid: keys have 1 to 128 characters and do not begin with aws:, values have up to 256.`,
      );
    }
  }
}

interface ResourceInput {
  readonly ResourceType: string | undefined;
  readonly ResourceId: string | undefined;
}

function tagDemands(action: string) {
  return (input: ResourceInput, call: Call): readonly Demand[] => [
    { action: `ssm:${action}`, resource: parameterArn(input.ResourceId ?? '', call) },
  ];
}

/** Only parameters exist here to be tagged. Throws InvalidResourceType, InvalidResourceId. */
function taggedParameter(input: ResourceInput, call: Call): StoredParameter {
  if (input.ResourceType !== 'Parameter') {
    throw new AwsError(
      'InvalidResourceType',
      `The resource type ${input.ResourceType} is not valid: of Systems Manager the embedded cloud has Parameter only.`,
    );
  }
  const parameter = findParameter(input.ResourceId ?? '', call);
  if (!parameter) throw new AwsError('InvalidResourceId', `The resource ID ${input.ResourceId} is not valid.`);
  return parameter;
}

export const addTagsToResource = operation<AddTagsToResourceCommandInput, AddTagsToResourceCommandOutput>({
  demands: tagDemands('AddTagsToResource'),
  run(input, call) {
    const parameter = taggedParameter(input, call);
    const added = input.Tags ?? [];
    const tags = [...parameter.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added];
    checkTags(tags);
    parameter.tags = tags;
    return {};
  },
});

export const removeTagsFromResource = operation<
  RemoveTagsFromResourceCommandInput,
  RemoveTagsFromResourceCommandOutput
>({
  demands: tagDemands('RemoveTagsFromResource'),
  run(input, call) {
    const parameter = taggedParameter(input, call);
    parameter.tags = parameter.tags.filter(({ Key = '' }) => !input.TagKeys?.includes(Key));
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: tagDemands('ListTagsForResource'),
  run: (input, call) => ({ TagList: [...taggedParameter(input, call).tags] }),
});
