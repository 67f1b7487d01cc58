import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { type Call, type Demand, operation } from '../../service.ts';
import { invalidParameter } from './errors.ts';
import { poolOf } from './references.ts';
import type { UserPool } from './state.ts';

interface ArnInput {
  readonly ResourceArn?: string | undefined;
}

function onResource(action: string) {
  return ({ ResourceArn = '' }: ArnInput): readonly Demand[] => [
    { action: `cognito-idp:${action}`, resource: ResourceArn },
  ];
}

function tagged({ ResourceArn = '' }: ArnInput, call: Call): UserPool {
  const id = ResourceArn.split(':userpool/')[1];
  if (!id || !ResourceArn.startsWith('arn:')) throw invalidParameter(`Invalid ARN: ${ResourceArn}`);
  return poolOf({ UserPoolId: id }, call);
}

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  demands: onResource('TagResource'),
  run(input, call) {
    const pool = tagged(input, call);
    const tags = { ...pool.tags, ...input.Tags };
    // "Tag restrictions", Cognito Developer Guide: 50 a resource.
    if (Object.keys(tags).length > 50) throw invalidParameter('A user pool has 50 tags at most.');
    pool.tags = tags;
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  demands: onResource('UntagResource'),
  run(input, call) {
    const pool = tagged(input, call);
    const removed = input.TagKeys ?? [];
    pool.tags = Object.fromEntries(Object.entries(pool.tags).filter(([key]) => !removed.includes(key)));
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput>({
  demands: onResource('ListTagsForResource'),
  run: (input, call) => ({ Tags: tagged(input, call).tags }),
});
