import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { withLogger } from '@stackyard/handler-kit/logger';
import { signedFetch } from '@stackyard/handler-kit/signed-fetch';
import { createLimiter } from '@stackyard/rate-control';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { policy, store } from './control.ts';
import { createController } from './controller.ts';
import { metricNames, namespace } from './metric-names.ts';

const metrics = new Metrics({ namespace });

const whenStoreFails = process.env['WHEN_STORE_FAILS'] === 'open' ? 'open' : 'closed';

const controller = createController({
  limiter: () => createLimiter({ policy, store, whenStoreFails }),
  partnerUrl: new URL('limited', process.env['PARTNER_URL']).href,
  fetch: signedFetch('lambda'),
  waitMs: Number(process.env['WAIT_MS']),
  mostWaitMs: Number(process.env['MOST_WAIT_MS']),
  tell({ waitedMs, fate }) {
    metrics.addMetric(metricNames.waitingTime, MetricUnit.Milliseconds, waitedMs);
    metrics.addMetric(metricNames.refused, MetricUnit.Count, fate === 'refused' ? 1 : 0);
    metrics.addMetric(metricNames.storeFailed, MetricUnit.Count, fate === 'store-failed' ? 1 : 0);
    metrics.addMetric(metricNames.partnerRefused, MetricUnit.Count, fate === 'partner-refused' ? 1 : 0);
    metrics.publishStoredMetrics();
  },
});

/** Calls the partner for the caller, as often as the partner allows it to all callers together. */
export const handler = withLogger<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(controller);
