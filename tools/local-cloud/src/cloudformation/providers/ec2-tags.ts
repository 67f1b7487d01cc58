import type { Properties, ResourceRequest } from '../provider.ts';
import { tagChanges } from './calls.ts';

/** A template's tags as EC2 takes them on creation. */
export function tagSpecifications(ResourceType: string, { Tags }: Properties): object {
  return Tags && Tags.length > 0 ? { TagSpecifications: [{ ResourceType, Tags }] } : {};
}

/** Brings the tags of a resource from what they were to what they should be. */
export async function changeTags(request: ResourceRequest, id: string, before: Properties): Promise<void> {
  const { set, removed } = tagChanges(before['Tags'], request.properties['Tags']);
  const Resources = [id];
  if (removed.length > 0) {
    await request.call('ec2', 'DeleteTags', { Resources, Tags: removed.map((Key) => ({ Key })) });
  }
  if (set.length > 0) await request.call('ec2', 'CreateTags', { Resources, Tags: set });
}
