import type { Task } from '@aws-sdk/client-ecs';

/** A task as it is now, with the health that its essential containers' checks add up to. */
export function describeTask(task: Task, withTags: boolean): Task {
  const { tags, ...rest } = task;
  return { ...rest, tags: withTags ? tags : [] };
}

/** "Determine Amazon ECS task health using container health checks". */
export function taskHealth(task: Task, essential: readonly (string | undefined)[]): Task['healthStatus'] {
  const statuses = (task.containers ?? [])
    .filter(({ name }) => essential.includes(name))
    .map(({ healthStatus = 'UNKNOWN' }) => healthStatus);
  if (statuses.includes('UNHEALTHY')) return 'UNHEALTHY';
  return statuses.length > 0 && statuses.every((status) => status === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}
