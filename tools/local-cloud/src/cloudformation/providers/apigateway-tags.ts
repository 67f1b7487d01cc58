import type { UpdateRequest } from '../provider.ts';
import { tagChanges, tagMap } from './calls.ts';

/** Brings the tags of something of API Gateway (`/apikeys/abc`) to what the template says. */
export async function apiGatewayTags(
  { properties, previous, region, call }: UpdateRequest,
  path: string,
): Promise<void> {
  const resourceArn = `arn:aws:apigateway:${region}::${path}`;
  const { set, removed } = tagChanges(previous['Tags'], properties['Tags']);
  if (set.length > 0) await call('apigateway', 'TagResource', { resourceArn, tags: tagMap(set) });
  if (removed.length > 0) await call('apigateway', 'UntagResource', { resourceArn, tagKeys: removed });
}
