import type { Service } from '../../service.ts';
import { loadBalancerPath } from './path.ts';

/**
 * Elastic Load Balancing, version 2: Application Load Balancers with HTTP listeners, whose targets are IP addresses in
 * their VPC. They check their targets' health and pass requests on; security groups decide what they reach.
 */
export const elasticloadbalancing: Service = {
  name: 'elasticloadbalancing',
  model: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  operations: async () => (await import('./operations.ts')).operations,
  streams: [
    {
      matches: (path) => path.startsWith(loadBalancerPath),
      handle: async (...request) => (await import('./data-plane.ts')).serve(...request),
    },
  ],
  start(cloud) {
    if (cloud.scopes('elasticloadbalancing').length > 0) {
      void import('./health-checks.ts').then(({ reconcileAll }) => reconcileAll(cloud));
    }
  },
  async close(cloud) {
    if (cloud.scopes('elasticloadbalancing').length > 0) (await import('./health-checks.ts')).endChecks(cloud);
  },
};
