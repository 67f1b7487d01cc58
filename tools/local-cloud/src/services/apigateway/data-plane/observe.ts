import { type ApiGatewayMetric, emitApiGatewayMetric } from '../../../metrics/apigateway-metrics.ts';
import type { GatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import { methodSetting } from './method-settings.ts';
import { writeLogs } from './stage-logs.ts';

/** Metrics and logs of an answered request. The client does not wait for them, nor learn what goes wrong with them. */
export function observe(request: GatewayRequest, answer: HttpAnswer): void {
  const { cloud, api, stage, raw, route } = request;
  const measured = {
    account: api.account,
    region: api.region,
    name: api.settings.name ?? '',
    stage: stage.stageName ?? '',
    method:
      methodSetting(request, 'metricsEnabled') && route
        ? { resource: route.resource.path, method: raw.method }
        : undefined,
  };
  const emit = (name: ApiGatewayMetric, value: number) => emitApiGatewayMetric(cloud, measured, name, value);
  emit('Count', 1);
  emit('4XXError', answer.status >= 400 && answer.status < 500 ? 1 : 0);
  emit('5XXError', answer.status >= 500 ? 1 : 0);
  emit('Latency', cloud.clock.now() - request.time);
  if (request.integrationLatency !== undefined) emit('IntegrationLatency', request.integrationLatency);
  writeLogs(request, answer).catch((error: Error) => {
    cloud.log(`API ${api.id}: its logs could not be written: ${error.message}`);
  });
}
