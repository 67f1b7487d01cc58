import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { defaultStatuses } from '../gateway-responses.ts';
import { requestContext } from './context.ts';
import type { GatewayError } from './gateway-error.ts';
import { type GatewayRequest, headerOf } from './gateway-request.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Names with one value or several. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string;
}

/**
 * What the client gets for an error: the API's own response of that type, else its `DEFAULT_4XX` or `DEFAULT_5XX`, else
 * AWS's ("Gateway responses in API Gateway").
 */
export function gatewayResponse(request: GatewayRequest, error: GatewayError): HttpAnswer {
  const status = error.status ?? Number(defaultStatuses[error.type] ?? 500);
  const changed = changedResponse(request, error.type, status);
  const context = { ...requestContext(request), error: errorContext(error) };
  const headers: Record<string, string> = { 'x-amzn-errortype': error.errorType };
  for (const [target, source] of Object.entries(changed?.responseParameters ?? {})) {
    const value = parameter(source, request, context);
    if (value !== undefined) headers[target.replace(/^gatewayresponse\.header\./, '').toLowerCase()] = value;
  }
  const [contentType, template] = templateFor(request, changed);
  // Denials have always been written with a capital.
  const name = error.type === 'ACCESS_DENIED' ? 'Message' : 'message';
  const body =
    template === undefined ? JSON.stringify({ [name]: error.text }) : substituted(template, request, context);
  return { status: Number(changed?.statusCode ?? status), headers: { 'content-type': contentType, ...headers }, body };
}

/** `$context.error` */
export function errorContext(error: GatewayError): Record<string, unknown> {
  return {
    message: error.text,
    messageString: JSON.stringify(error.text),
    responseType: error.type,
    validationErrorString: error.validationError,
  };
}

function changedResponse(
  { definition }: GatewayRequest,
  type: GatewayResponseType,
  status: number,
): GatewayResponse | undefined {
  const { gatewayResponses } = definition;
  return gatewayResponses.get(type) ?? gatewayResponses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
}

/** By what the client accepts; the JSON template, or the first, otherwise. */
function templateFor(request: GatewayRequest, changed: GatewayResponse | undefined): [string, string | undefined] {
  const templates = changed?.responseTemplates ?? {};
  const accepted = headerOf(request, 'accept')?.split(',')[0]?.trim() ?? '';
  const type = [accepted, 'application/json', ...Object.keys(templates)].find((one) => templates[one] !== undefined);
  return type === undefined ? ['application/json', undefined] : [type, templates[type]];
}

/** Variables are put in place; there is no script in a gateway response ("Set up gateway responses to customize errors"). */
export function substituted(template: string, request: GatewayRequest, context: object, missing = ''): string {
  const name = '(?:context|stageVariables|method\\.request)\\.[\\w.-]*\\w';
  return template.replace(
    new RegExp(`\\$\\{(${name})\\}|\\$(${name})`, 'g'),
    (_, braced: string | undefined, bare = '') => parameter(braced ?? bare, request, context) ?? missing,
  );
}

/** `'text'`, `context.…`, `stageVariables.…`, `method.request.header|querystring|path.…`. */
export function parameter(source: string, request: GatewayRequest, context: object): string | undefined {
  const [, text] = /^'(.*)'$/s.exec(source) ?? [];
  if (text !== undefined) return text;
  const [root = '', ...path] = source.split('.');
  if (root === 'context') return textOf(path.reduce<unknown>(member, context));
  if (root === 'stageVariables') return request.stage.variables?.[path.join('.')];
  const [, kind, ...name] = path;
  const key = name.join('.');
  if (kind === 'header') return headerOf(request, key);
  if (kind === 'querystring') return request.query.get(key)?.at(-1);
  if (kind === 'path') return request.route?.pathParameters[key];
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
