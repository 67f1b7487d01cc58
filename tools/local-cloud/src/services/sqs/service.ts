import type { Service } from '../../service.ts';
import { missingParameter } from './errors.ts';
import { resumeMoveTasks, stopMoveTasks } from './message-move-tasks.ts';
import { startMeasuring, stopMeasuring } from './queue-metrics.ts';

/**
 * Amazon SQS. Standard queues give messages out in the order they became visible and each once per visibility timeout,
 * which is more than AWS promises; message groups of standard queues (fair queues) are kept but order nothing. KMS keys are
 * kept as settings: nothing is encrypted.
 */
export const sqs: Service = {
  name: 'sqs',
  model: () => import('@aws-sdk/client-sqs'),
  xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  queryCompatible: true,
  missingMember: missingParameter,
  throttlingCode: 'RequestThrottled',
  operations: async () => (await import('./operations.ts')).operations,
  start(cloud) {
    if (cloud.scopes('sqs').length > 0) startMeasuring(cloud);
    resumeMoveTasks(cloud);
  },
  async close(cloud) {
    stopMeasuring(cloud);
    stopMoveTasks(cloud);
  },
};
