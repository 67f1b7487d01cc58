import { compileEventPattern, type EventMatcher } from '../../event-patterns/compile.ts';
import { emitEventsMetric } from '../../metrics/events-metrics.ts';
import type { Cloud } from '../../service.ts';
import { deliver } from './deliver.ts';
import type { BusEvent } from './event.ts';
import { type Bus, eventsOf, type Rule } from './state.ts';

/** Patterns read once; a rule or archive that changes has another. */
const matchers = new Map<string, EventMatcher>();
const mostMatchers = 10_000;

function matcherOf(pattern: string): EventMatcher {
  const known = matchers.get(pattern);
  if (known) return known;
  if (matchers.size >= mostMatchers) matchers.clear();
  const matcher = compileEventPattern(pattern);
  matchers.set(pattern, matcher);
  return matcher;
}

/** Archives an event and sends it to the targets of every rule that matches; who put it does not wait for that. */
export function routeEvent(cloud: Cloud, bus: Bus, event: BusEvent): void {
  for (const archive of eventsOf(cloud, bus).archives.values()) {
    if (archive.busName !== bus.name || archive.state !== 'ENABLED') continue;
    if (archive.eventPattern === undefined || matcherOf(archive.eventPattern)(event.json)) archive.events.push(event);
  }
  sendToRules(cloud, [...bus.rules.values()], event);
}

/** The part of it that a replay does too: what is replayed is not archived again. */
export function sendToRules(cloud: Cloud, rules: readonly Rule[], event: BusEvent): void {
  for (const rule of rules) {
    const { eventPattern, state } = rule;
    if (state === 'DISABLED' || eventPattern === undefined || !matcherOf(eventPattern)(event.json)) continue;
    emitEventsMetric(cloud, rule, 'MatchedEvents');
    trigger(cloud, rule, event);
  }
}

/** Sends an event to a rule's targets. */
export function trigger(cloud: Cloud, rule: Rule, event: BusEvent): void {
  emitEventsMetric(cloud, rule, 'TriggeredRules');
  for (const target of rule.targets.values()) void deliver(cloud, rule, target, event);
}
