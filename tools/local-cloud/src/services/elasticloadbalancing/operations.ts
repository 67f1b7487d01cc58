import type { Operations } from '../../service.ts';
import { listenerOperations } from './listeners.ts';
import { loadBalancerSettingsOperations } from './load-balancer-settings.ts';
import { loadBalancerOperations } from './load-balancers.ts';
import { ruleOperations } from './rules.ts';
import { tagOperations } from './tags.ts';
import { targetGroupOperations } from './target-groups.ts';
import { targetOperations } from './targets.ts';

export const operations: Operations = {
  ...listenerOperations,
  ...loadBalancerOperations,
  ...loadBalancerSettingsOperations,
  ...ruleOperations,
  ...tagOperations,
  ...targetGroupOperations,
  ...targetOperations,
};
