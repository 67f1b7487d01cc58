import type { Service } from '../../service.ts';
import { alarmScopes } from './alarms.ts';
import { stopEvaluation } from './evaluation-timer.ts';

/**
 * Amazon CloudWatch: metrics by the minute, of the cloud's services and of one's own, metric math,
 * alarms that change their state by the cloud's clock and tell topics and functions, and dashboards, which are checked and kept but not drawn.
 */
export const monitoring: Service = {
  name: 'monitoring',
  iamPrefix: 'cloudwatch',
  model: () => import('@aws-sdk/client-cloudwatch'),
  xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  operations: async () => (await import('./operations.ts')).operations,
  start(cloud) {
    if (alarmScopes(cloud).length === 0) return;
    void import('./evaluate.ts').then(({ startEvaluation }) => startEvaluation(cloud));
  },
  async close(cloud) {
    stopEvaluation(cloud);
  },
};
