import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { type Call, type Demand, operation } from '../../service.ts';
import { alarmNamed } from './alarms.ts';
import { dashboardNamed } from './dashboards.ts';

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: [...tagged(input, call)].map(([Key, Value]) => ({ Key, Value })) }),
});

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const tags = tagged(input, call);
    for (const { Key = '', Value = '' } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const tags = tagged(input, call);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

interface ResourceInput {
  readonly ResourceARN: string | undefined;
}

function onResource(action: string) {
  return ({ ResourceARN = '*' }: ResourceInput): readonly Demand[] => [
    { action: `cloudwatch:${action}`, resource: ResourceARN },
  ];
}

function tagged({ ResourceARN = '' }: ResourceInput, call: Call): Map<string, string> {
  const dashboard = /:dashboard\/(.+)$/.exec(ResourceARN)?.[1];
  if (dashboard !== undefined) return dashboardNamed(dashboard, call).tags;
  return alarmNamed(/:alarm:(.+)$/.exec(ResourceARN)?.[1], call).tags;
}
