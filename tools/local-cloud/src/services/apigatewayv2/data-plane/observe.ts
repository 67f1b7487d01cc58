import { emitMetric } from '../../../metrics/metric-store.ts';
import type { HttpAnswer } from '../../apigateway/data-plane/gateway-response.ts';
import { writeAccessLog } from './access-log.ts';
import type { HttpRequest } from './http-request.ts';

/** "Monitor CloudWatch metrics for HTTP APIs in API Gateway": by API, and by API and stage; and the access log. */
export function observe(request: HttpRequest, answer: HttpAnswer): void {
  const { cloud, api, stage, time } = request;
  const { status } = answer;
  const values = [
    { name: 'Count', value: 1, unit: 'Count' },
    { name: '4xx', value: status >= 400 && status < 500 ? 1 : 0, unit: 'Count' },
    { name: '5xx', value: status >= 500 ? 1 : 0, unit: 'Count' },
    { name: 'Latency', value: cloud.clock.now() - time, unit: 'Milliseconds' },
  ];
  const both: readonly Record<string, string>[] = [{ ApiId: api.id }, { ApiId: api.id, Stage: stage.StageName ?? '' }];
  for (const dimensions of both) {
    for (const { name, value, unit } of values) {
      emitMetric(cloud, api, { namespace: 'AWS/ApiGateway', name, dimensions }, value, unit);
    }
  }
  writeAccessLog(request, answer).catch((error: Error) => {
    cloud.log(`API ${api.id}: its access log could not be written: ${error.message}`);
  });
}
