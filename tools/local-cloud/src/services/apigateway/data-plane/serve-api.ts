import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Stage } from '@aws-sdk/client-api-gateway';
import type { Cloud, RawRequest } from '../../../service.ts';
import { httpApiAnswer } from '../../apigatewayv2/data-plane/answer.ts';
import { type Api, type ApiDefinition, apiGatewayState } from '../state.ts';
import { type Address, addressOf } from './address.ts';
import { gatewayRequest } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import { answer } from './handle.ts';
import { observe } from './observe.ts';

/** Answers a request to a deployed API, REST API or HTTP API. */
export async function serveApi(raw: RawRequest, response: ServerResponse, cloud: Cloud): Promise<void> {
  const address = addressOf(raw) as Address;
  const target = findStage(cloud, address);
  if (!target) {
    const unknown = { ...forbidden, headers: { ...forbidden.headers, 'x-amzn-requestid': randomUUID() } };
    return send(raw, response, (await httpApiAnswer(cloud, raw, address)) ?? unknown);
  }
  const request = gatewayRequest(cloud, raw, { ...target, path: address.path });
  const answered = await answer(request);
  const { status, headers, body } = answered;
  await send(raw, response, {
    status,
    headers: { 'x-amzn-requestid': request.requestId, 'x-amz-apigw-id': request.extendedRequestId, ...headers },
    body,
  });
  observe(request, answered);
}

/** The answer of AWS for an API or a stage that is not there. */
const forbidden: HttpAnswer = {
  status: 403,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ForbiddenException' },
  body: '{"message":"Forbidden"}',
};

function findStage(
  cloud: Cloud,
  { apiId, stageName }: Address,
): { api: Api; stage: Stage; definition: ApiDefinition } | undefined {
  for (const { account, region } of cloud.scopes('apigateway')) {
    const api = apiGatewayState(cloud, account, region).apis.get(apiId);
    const stage = api?.stages.get(stageName);
    const definition = api?.deployments.get(stage?.deploymentId ?? '')?.snapshot;
    if (api && stage && definition && !api.settings.disableExecuteApiEndpoint) return { api, stage, definition };
  }
  return undefined;
}

async function send(raw: RawRequest, response: ServerResponse, { status, headers, body }: HttpAnswer): Promise<void> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const empty = status === 204 || status === 304;
  response.writeHead(status, {
    ...(headers as Record<string, string>),
    ...(!empty && { 'content-length': bytes.byteLength }),
  });
  response.end(empty || raw.method === 'HEAD' ? undefined : bytes);
}
