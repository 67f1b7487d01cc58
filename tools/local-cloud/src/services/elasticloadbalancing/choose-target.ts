import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { attributeOf, targetGroupAttributes } from './attributes.ts';
import { requestsTo } from './in-flight.ts';
import type { ElbState, StoredTarget, StoredTargetGroup } from './state.ts';

/** The group a forward action means: the one it names, or one of several by their weights. */
export function chooseGroup(state: ElbState, action: Action, random = Math.random()): StoredTargetGroup | undefined {
  const groups = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  let left = random * groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
  for (const { TargetGroupArn = '', Weight = 1 } of groups) {
    left -= Weight;
    if (left < 0) return state.targetGroups.get(TargetGroupArn);
  }
  return undefined;
}

/** How many requests each group has been given: where round robin stands. */
const turns = new WeakMap<StoredTargetGroup, number>();

/**
 * The target that a request goes to: in turn, or the one with the fewest requests. Healthy targets first; when all that
 * are in use are unhealthy, all of them get requests ("Target group health": fail open). `undefined` when there is none.
 */
export function chooseTarget(group: StoredTargetGroup): StoredTarget | undefined {
  const targets = [...group.targets.values()];
  const inState = (state: string) => targets.filter(({ health }) => health.State === state);
  const healthy = inState('healthy');
  const candidates = healthy.length > 0 ? healthy : inState('unhealthy');
  const algorithm = attributeOf(targetGroupAttributes, group.attributes, 'load_balancing.algorithm.type');
  if (algorithm === 'least_outstanding_requests') {
    return candidates.toSorted((one, other) => requestsTo(one) - requestsTo(other))[0];
  }
  const turn = turns.get(group) ?? 0;
  turns.set(group, turn + 1);
  return candidates[turn % candidates.length];
}
