import type { Cloud } from '../service.ts';
import { emitMetric } from './metric-store.ts';

/** "Amazon API Gateway dimensions and metrics". */
export type ApiGatewayMetric = '4XXError' | '5XXError' | 'Count' | 'IntegrationLatency' | 'Latency';

/** What a REST API is measured by: its name and stage, and where detailed metrics are on, also resource and method. */
export interface MeasuredApi {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly stage: string;
  readonly method?: { readonly resource: string; readonly method: string } | undefined;
}

export function emitApiGatewayMetric(cloud: Cloud, api: MeasuredApi, name: ApiGatewayMetric, value: number): void {
  const unit = name.endsWith('Latency') ? 'Milliseconds' : 'Count';
  const stage = { ApiName: api.name, Stage: api.stage };
  const method = api.method && { ...stage, Resource: api.method.resource, Method: api.method.method };
  for (const dimensions of [{ ApiName: api.name }, stage, ...(method ? [method] : [])]) {
    emitMetric(cloud, api, { namespace: 'AWS/ApiGateway', name, dimensions }, value, unit);
  }
}
