import { createHash } from 'node:crypto';
import { apiGatewayState } from '../state.ts';
import { requestContext } from './context.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { errorContext, type HttpAnswer, substituted } from './gateway-response.ts';
import { gatewaySession } from './gateway-session.ts';
import { appendLines } from './log-lines.ts';
import { methodSetting } from './method-settings.ts';

/**
 * A request's line in the stage's access log, and its lines in the execution log when that is on ("Set up CloudWatch
 * logging for REST APIs in API Gateway"), written with the role of the account settings.
 */
export async function writeLogs(request: GatewayRequest, answer: HttpAnswer): Promise<void> {
  const { api, stage } = request;
  const { destinationArn, format } = stage.accessLogSettings ?? {};
  const stream = createHash('md5').update(`${api.id}/${stage.stageName}`).digest('hex');
  if (destinationArn && format) {
    const [, group = ''] = /:log-group:([^:]+)/.exec(destinationArn) ?? [];
    await write(request, group, stream, [accessLine(request, answer, format)]);
  }
  const level = methodSetting(request, 'loggingLevel');
  const failed = request.error !== undefined && answer.status >= 500;
  if (level === 'INFO' || (level === 'ERROR' && failed)) {
    const group = `API-Gateway-Execution-Logs_${api.id}/${stage.stageName}`;
    await write(request, group, stream, executionLines(request, answer, level), { create: true });
  }
}

/** "Variables for access logging for API Gateway": what has no value is `-`. */
function accessLine(request: GatewayRequest, { status, body }: HttpAnswer, format: string): string {
  const context = {
    ...requestContext(request),
    ...(request.error && { error: errorContext(request.error) }),
    status,
    responseLength: Buffer.byteLength(body),
    responseLatency: request.cloud.clock.now() - request.time,
    integrationLatency: request.integrationLatency,
    integration: { latency: request.integrationLatency },
  };
  return substituted(format.replaceAll(/\r?\n/g, ''), request, context, '-');
}

function executionLines(request: GatewayRequest, { status }: HttpAnswer, level: string): string[] {
  const { requestId, raw, route, notes } = request;
  const course = [
    `Extended Request Id: ${request.extendedRequestId}`,
    `Starting execution for request: ${requestId}`,
    `HTTP Method: ${raw.method}, Resource Path: ${route?.resource.path ?? request.path}`,
  ];
  const failures = notes.map((note) => `Execution failed due to configuration error: ${note}`);
  const lines = [...(level === 'INFO' ? course : []), ...failures, `Method completed with status: ${status}`];
  return lines.map((line) => `(${requestId}) ${line}`);
}

async function write(
  { cloud, api }: GatewayRequest,
  group: string,
  stream: string,
  messages: readonly string[],
  { create = false } = {},
): Promise<void> {
  const { cloudwatchRoleArn = '' } = apiGatewayState(cloud, api.account, api.region);
  const { caller } = await gatewaySession(cloud, cloudwatchRoleArn);
  await appendLines(cloud, { caller, region: api.region }, { group, stream, create }, messages);
}
