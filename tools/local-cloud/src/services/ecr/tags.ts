import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-ecr';
import { type Call, type Demand, operation } from '../../service.ts';
import { ecrError } from './errors.ts';
import { policyOf, type Repository, repositoryOf } from './state.ts';

/** "Tagging a private repository": up to 50 tags, keys of 1 to 128 characters, values up to 256, none begins with `aws:`. */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > 50)
    throw ecrError('TooManyTagsException', 'The list of tags on the repository is over the limit of 50');
  for (const { Key = '', Value = '' } of tags) {
    if (Key.length < 1 || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key)) {
      throw ecrError(
        'InvalidTagParameterException',
        `Invalid tag '${Key}': keys have 1 to 128 characters and do not begin with aws:, values have up to 256`,
      );
    }
  }
}

interface ResourceInput {
  readonly resourceArn: string | undefined;
}

function taggedRepository({ resourceArn }: ResourceInput, call: Call): Repository {
  const [, region, registryId, repositoryName] =
    /^arn:aws:ecr:([^:]+):(\d{12}):repository\/(.+)$/.exec(resourceArn ?? '') ?? [];
  if (region !== call.region || !registryId) {
    throw ecrError(
      'InvalidParameterException',
      `Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN ${resourceArn}'`,
    );
  }
  return repositoryOf({ registryId, repositoryName }, call);
}

function tagDemands(action: string) {
  return (input: ResourceInput, call: Call): readonly Demand[] => [
    {
      action: `ecr:${action}`,
      resource: input.resourceArn ?? '*',
      resourcePolicy: policyOf(taggedRepository(input, call)),
    },
  ];
}

const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: tagDemands('TagResource'),
  run(input, call) {
    const repository = taggedRepository(input, call);
    const added = input.tags ?? [];
    const tags = [...repository.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key)), ...added];
    checkTags(tags);
    repository.tags = tags;
    return {};
  },
});

const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: tagDemands('UntagResource'),
  run(input, call) {
    const repository = taggedRepository(input, call);
    repository.tags = repository.tags.filter(({ Key = '' }) => !input.tagKeys?.includes(Key));
    return {};
  },
});

const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: tagDemands('ListTagsForResource'),
  run: (input, call) => ({ tags: [...taggedRepository(input, call).tags] }),
});

export const tagOperations = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
