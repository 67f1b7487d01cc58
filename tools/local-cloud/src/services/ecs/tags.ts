import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-ecs';
import { type Call, operation } from '../../service.ts';
import { clusterOf } from './clusters.ts';
import { invalidParameter } from './errors.ts';
import { ecsState } from './state.ts';
import { definitionOf } from './task-definitions.ts';

interface Tagged {
  tags?: Tag[] | undefined;
}

/** What an ARN names. Throws InvalidParameterException. */
function taggedOf(arn: string, call: Call): Tagged {
  const [kind] = (arn.split(':')[5] ?? '').split('/');
  const { services, tasks } = ecsState(call.cloud, call);
  const found: Tagged | undefined =
    kind === 'cluster'
      ? clusterOf(call, arn)
      : kind === 'task-definition'
        ? definitionOf(call, arn)
        : kind === 'service'
          ? services.get(arn)?.description
          : tasks.get(arn);
  if (!found) throw invalidParameter('The specified resource could not be found.');
  return found;
}

const onArn =
  (action: string) =>
  ({ resourceArn = '*' }: { resourceArn?: string | undefined }) => [{ action: `ecs:${action}`, resource: resourceArn }];

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onArn('TagResource'),
  run({ resourceArn = '', tags = [] }, call) {
    const tagged = taggedOf(resourceArn, call);
    const kept = (tagged.tags ?? []).filter(({ key }) => !tags.some((tag) => tag.key === key));
    tagged.tags = [...kept, ...tags];
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onArn('UntagResource'),
  run({ resourceArn = '', tagKeys = [] }, call) {
    const tagged = taggedOf(resourceArn, call);
    tagged.tags = (tagged.tags ?? []).filter(({ key = '' }) => !tagKeys.includes(key));
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onArn('ListTagsForResource'),
  run: ({ resourceArn = '' }, call) => ({ tags: taggedOf(resourceArn, call).tags ?? [] }),
});
