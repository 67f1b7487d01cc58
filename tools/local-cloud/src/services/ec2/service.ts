import type { Service } from '../../service.ts';

/**
 * Amazon EC2's networks: VPCs with everything in them that a load balancer and its targets need. No instances. Nothing
 * routes a packet: the rules of security groups are what load balancers go by, the rest is what it says in answers.
 */
export const ec2: Service = {
  name: 'ec2',
  ec2Query: true,
  model: () => import('@aws-sdk/client-ec2'),
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  validationCode: 'MissingParameter',
  throttlingCode: 'RequestLimitExceeded',
  operations: async () => (await import('./operations.ts')).operations,
};
