import type { Caller } from '../../service.ts';

/**
 * ECS acts on interfaces and target groups with the service-linked role AWSServiceRoleForECS, which is in every account and
 * may do just what is needed; IAM keeps no such roles here.
 */
export function serviceLinkedRole(account: string): Caller {
  const arn = `arn:aws:sts::${account}:assumed-role/AWSServiceRoleForECS/ecs-service-scheduler`;
  return { account, type: 'root', arn, userId: 'AWSServiceRoleForECS:ecs-service-scheduler' };
}
