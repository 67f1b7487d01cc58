import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { requestContext } from './context.ts';
import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest } from './gateway-request.ts';
import { type HttpAnswer, parameter } from './gateway-response.ts';
import type { BackendAnswer } from './integrate.ts';
import { rendered } from './integration-request.ts';

/** A backend's answer after the integration response that it selects. Throws API_CONFIGURATION_ERROR when none does. */
export function integrationResponse(request: GatewayRequest, answer: BackendAnswer): HttpAnswer {
  const response = selected(request, answer.selection);
  if (!response) {
    complain(request, `no integration response for '${answer.selection}' and no default one`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
  const { responseTemplates = {}, responseParameters = {}, statusCode } = response;
  const backendType = answer.headers['content-type']?.split(';')[0] ?? 'application/json';
  const type = [backendType, 'application/json', ...Object.keys(responseTemplates)].find(
    (one) => responseTemplates[one] !== undefined,
  );
  const mapped = type === undefined ? undefined : rendered(responseTemplates[type] as string, request, answer.body);
  const headers: Record<string, string> = { 'content-type': type ?? backendType };
  for (const [target, source] of Object.entries(responseParameters)) {
    const value = headerValue(source, request, answer);
    if (value !== undefined) headers[target.replace(/^method\.response\.header\./, '').toLowerCase()] = value;
  }
  for (const [name, value] of Object.entries(mapped?.responseOverride.header ?? {}))
    headers[name.toLowerCase()] = String(value);
  return {
    status: Number(mapped?.responseOverride.status ?? statusCode),
    headers,
    body: mapped?.text ?? answer.body,
  };
}

/** The first whose pattern matches all of it; else the one without a pattern. */
function selected(request: GatewayRequest, selection: string): IntegrationResponse | undefined {
  const responses = Object.values(request.route?.method.methodIntegration?.integrationResponses ?? {});
  const matching = responses.find(
    ({ selectionPattern }) => selectionPattern && new RegExp(`^(?:${selectionPattern})$`, 's').test(selection),
  );
  return matching ?? responses.find(({ selectionPattern }) => !selectionPattern);
}

/** `'text'`, `integration.response.header.…`, `integration.response.body`, `context.…`, `stageVariables.…`. */
function headerValue(source: string, request: GatewayRequest, answer: BackendAnswer): string | undefined {
  const [, header] = /^integration\.response\.header\.(.+)$/.exec(source) ?? [];
  if (header !== undefined) return answer.headers[header.toLowerCase()];
  if (source === 'integration.response.body') return answer.body;
  const [, path] = /^integration\.response\.body\.(.+)$/.exec(source) ?? [];
  if (path !== undefined) {
    const { text } = rendered(`$input.path('$.${path}')`, request, answer.body);
    return text;
  }
  return parameter(source, request, requestContext(request));
}
