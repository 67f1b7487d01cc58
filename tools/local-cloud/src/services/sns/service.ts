import type { Service } from '../../service.ts';
import { certificateRoute } from './certificate-route.ts';
import { resumeDeliveries, stopDeliveries } from './deliver.ts';

/**
 * Amazon SNS: standard and FIFO topics that deliver to functions, queues and HTTP endpoints on loopback addresses. Mail
 * subscriptions stay pending; mobile push, text messages and Firehose are refused.
 */
export const sns: Service = {
  name: 'sns',
  model: () => import('@aws-sdk/client-sns'),
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: async () => (await import('./operations.ts')).operations,
  // The links in messages, SubscribeURL and UnsubscribeURL, are followed without a signature.
  unsigned: ['ConfirmSubscription', 'Unsubscribe'],
  routes: [certificateRoute],
  start: resumeDeliveries,
  async close(cloud) {
    stopDeliveries(cloud);
  },
};
