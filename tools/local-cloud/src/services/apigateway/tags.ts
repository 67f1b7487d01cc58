import type {
  GetTagsCommandInput,
  GetTagsCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { type Call, operation } from '../../service.ts';
import { badRequest, found } from './errors.ts';
import { stateOf } from './state.ts';

export const tagResource = operation<TagResourceCommandInput, TagResourceCommandOutput>({
  run(input, call) {
    const tagged = taggedOf(input.resourceArn, call);
    tagged.tags = { ...tagged.tags, ...input.tags };
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, UntagResourceCommandOutput>({
  run(input, call) {
    const tagged = taggedOf(input.resourceArn, call);
    const kept = Object.entries(tagged.tags ?? {}).filter(([key]) => !input.tagKeys?.includes(key));
    tagged.tags = Object.fromEntries(kept);
    return {};
  },
});

export const getTags = operation<GetTagsCommandInput, GetTagsCommandOutput>({
  run: (input, call) => ({ tags: taggedOf(input.resourceArn, call).tags ?? {} }),
});

/** "Amazon API Gateway resources that can be tagged": `arn:aws:apigateway:us-east-1::/apikeys/abc`. */
function taggedOf(arn = '', call: Call): { tags?: Record<string, string> | undefined } {
  const state = stateOf(call);
  const [, kind, id, stages, stage] = arn.split('::').at(1)?.split('/') ?? [];
  if (kind === 'apikeys') return found(state.apiKeys, id, 'ApiKey');
  if (kind === 'usageplans') return found(state.usagePlans, id, 'UsagePlan').settings;
  if (kind === 'restapis') {
    const api = found(state.apis, id, 'RestApi');
    return stages === 'stages' ? found(api.stages, stage, 'Stage') : api.settings;
  }
  throw badRequest(`Invalid ARN specified in the request: ${arn}`);
}
