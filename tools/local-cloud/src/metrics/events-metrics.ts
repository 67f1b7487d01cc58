import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** "EventBridge metrics", Monitoring Amazon EventBridge (User Guide). */
export type EventsMetric =
  | 'FailedInvocations'
  | 'Invocations'
  | 'InvocationsFailedToBeSentToDlq'
  | 'InvocationsSentToDlq'
  | 'MatchedEvents'
  | 'RetryInvocationAttempts'
  | 'SuccessfulInvocationAttempts'
  | 'TriggeredRules';

interface Measured {
  readonly name: string;
  readonly busName: string;
  readonly account: string;
  readonly region: string;
}

/** Counts one, by rule, and for rules of other buses than the default one by bus and rule. */
export function emitEventsMetric(cloud: Cloud, rule: Measured, name: EventsMetric): void {
  const ofBus: Record<string, string> = rule.busName === 'default' ? {} : { EventBusName: rule.busName };
  const dimensions = { ...ofBus, RuleName: rule.name };
  emitMetric(cloud, rule, { namespace: 'AWS/Events', name, dimensions }, 1, 'Count');
}
