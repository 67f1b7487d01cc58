import type { Service } from '../../service.ts';
import { groupOperations } from './groups.ts';
import { scheduleOperations } from './operations.ts';
import { tagOperations } from './tags.ts';
import { armAll, disarmAll } from './timers.ts';

/**
 * Amazon EventBridge Scheduler: one-time, rate and cron schedules in groups, whose targets are functions, queues,
 * topics, streams, event buses and universal targets, called as the target's role when the cloud's clock gets there.
 */
export const scheduler: Service = {
  name: 'scheduler',
  rest: 'json',
  model: () => import('@aws-sdk/client-scheduler'),
  operations: { ...scheduleOperations, ...groupOperations, ...tagOperations },
  start: armAll,
  async close(cloud) {
    disarmAll(cloud);
  },
};
