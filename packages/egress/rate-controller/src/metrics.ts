import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MessageFate } from './consume.ts';
import { metricNames, namespace } from './metric-names.ts';
import type { Outcome } from './partner.ts';

const metrics = new Metrics({ namespace });

const count = (name: string, is: boolean) => metrics.addMetric(name, MetricUnit.Count, is ? 1 : 0);

export function tellOfPartner({ fate }: Outcome): void {
  count(metricNames.called, fate === 'answered' || fate === 'partner-refused' || fate === 'partner-failed');
  count(metricNames.storeFailed, fate === 'store-failed');
  count(metricNames.partnerRefused, fate === 'partner-refused');
  count(metricNames.partnerFailed, fate === 'partner-failed' || fate === 'left-alone');
}

/** For who waits, or is refused: messages do neither. */
export function tellOfCaller(outcome: Outcome): void {
  tellOfPartner(outcome);
  metrics.addMetric(metricNames.waitingTime, MetricUnit.Milliseconds, outcome.waitedMs);
  count(metricNames.refused, outcome.fate === 'refused');
}

export function tellOfMessage(fate: MessageFate): void {
  count(metricNames.deferred, fate === 'deferred');
  count(metricNames.givenUp, fate === 'given-up');
}

/** Writes what was told into the log, as embedded metrics. */
export const publishMetrics = () => metrics.publishStoredMetrics();
