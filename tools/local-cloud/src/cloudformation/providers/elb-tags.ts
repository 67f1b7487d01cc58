import type { Properties, ResourceRequest } from '../provider.ts';
import { tagChanges } from './calls.ts';

/** Brings the tags of a load balancer, listener, rule or target group from what they were to what they should be. */
export async function changeElbTags(request: ResourceRequest, arn: string, before: Properties): Promise<void> {
  const { set, removed } = tagChanges(before['Tags'], request.properties['Tags']);
  const ResourceArns = [arn];
  if (removed.length > 0) await request.call('elasticloadbalancing', 'RemoveTags', { ResourceArns, TagKeys: removed });
  if (set.length > 0) await request.call('elasticloadbalancing', 'AddTags', { ResourceArns, Tags: set });
}
