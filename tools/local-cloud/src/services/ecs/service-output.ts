import type { Service } from '@aws-sdk/client-ecs';
import { tasksOf } from './deployments.ts';
import type { Place, StoredService } from './state.ts';

/** A service with its tasks counted. */
export function describeService(stored: StoredService, place: Place, withTags = true): Service {
  const tasks = tasksOf(stored, place);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const pending = tasks.filter(({ lastStatus }) => lastStatus === 'PROVISIONING' || lastStatus === 'PENDING');
  const { tags, ...rest } = stored.description;
  return {
    ...rest,
    tags: withTags ? tags : [],
    runningCount: running.length,
    pendingCount: pending.length,
    deployments: (rest.deployments ?? []).map((deployment) => ({
      ...deployment,
      runningCount: running.filter(({ startedBy }) => startedBy === deployment.id).length,
      pendingCount: pending.filter(({ startedBy }) => startedBy === deployment.id).length,
    })),
  };
}
