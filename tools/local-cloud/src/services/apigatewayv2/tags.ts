import type {
  GetTagsCommandInput,
  GetTagsCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-apigatewayv2';
import { type Call, operation } from '../../service.ts';
import { badRequest, found } from '../apigateway/errors.ts';
import { httpApiOf } from './state.ts';

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  run(input, call) {
    const tagged = taggedOf(input.ResourceArn, call);
    tagged.Tags = { ...tagged.Tags, ...input.Tags };
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  run(input, call) {
    const tagged = taggedOf(input.ResourceArn, call);
    const kept = Object.entries(tagged.Tags ?? {}).filter(([key]) => !input.TagKeys?.includes(key));
    tagged.Tags = Object.fromEntries(kept);
    return {};
  },
});

export const getTags = operation<GetTagsCommandInput, GetTagsCommandOutput>({
  run: (input, call) => ({ Tags: taggedOf(input.ResourceArn, call).Tags ?? {} }),
});

/** `arn:aws:apigateway:us-east-1::/apis/abc` or a stage of it. */
function taggedOf(arn = '', call: Call): { Tags?: Record<string, string> | undefined } {
  const [, ApiId, stage] = /::\/apis\/(\w+)(?:\/stages\/([\w$-]+))?$/.exec(arn) ?? [];
  if (ApiId === undefined) throw badRequest(`Invalid ARN specified in the request: ${arn}`);
  const api = httpApiOf({ ApiId }, call);
  return stage === undefined ? api.settings : found(api.stages, stage, 'Stage');
}
