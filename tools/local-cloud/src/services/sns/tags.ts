import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-sns';
import { lengthBetween, validationErrors } from '../../constraints.ts';
import { AwsError } from '../../errors.ts';
import { type Call, operation } from '../../service.ts';
import { tagList } from '../../tag-list.ts';
import { invalidParameter } from './errors.ts';
import { stateOf, type Topic } from './state.ts';
import { demandOnTopic, locateTopic } from './topic-reference.ts';

/** "Amazon SNS topic tagging": 50 tags a topic, keys of up to 128 characters, values of up to 256. */
const mostTags = 50;

/** A topic's tags with others added. Throws InvalidParameter, ValidationError, TagLimitExceeded. */
export function withTags(before: ReadonlyMap<string, string>, tags: readonly Tag[]): Map<string, string> {
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw invalidParameter('Duplicated keys are not allowed.');
  }
  const problems = validationErrors(
    tags.flatMap(({ Key, Value }, i) => [
      lengthBetween(`tags.${i + 1}.member.key`, Key, 1, 128),
      lengthBetween(`tags.${i + 1}.member.value`, Value, 0, 256),
    ]),
  );
  if (problems) throw new AwsError('ValidationError', problems, { status: 400 });
  const merged = new Map([...before, ...tags.map(({ Key = '', Value = '' }) => [Key, Value] as const)]);
  if (merged.size > mostTags) {
    throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
  }
  return merged;
}

interface ResourceInput {
  readonly ResourceArn: string | undefined;
}

const onResource = (action: string) => (input: ResourceInput, call: Call) =>
  demandOnTopic(action, input.ResourceArn, call);

function resourceOf({ ResourceArn }: ResourceInput, call: Call): Topic {
  const location = locateTopic(ResourceArn, 'ResourceArn');
  const topic = stateOf(call.cloud, location).topics.get(location.name);
  if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist');
  return topic;
}

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const topic = resourceOf(input, call);
    topic.tags = withTags(topic.tags, input.Tags ?? []);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const topic = resourceOf(input, call);
    for (const key of input.TagKeys ?? []) topic.tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: tagList(resourceOf(input, call).tags) }),
});
