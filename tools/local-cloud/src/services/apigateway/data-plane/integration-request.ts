import { requestContext } from './context.ts';
import { GatewayError, internalError } from './gateway-error.ts';
import { complain, type GatewayRequest, headerOf } from './gateway-request.ts';
import { parameter } from './gateway-response.ts';
import { type Rendered, renderTemplate } from './template.ts';

/** What a backend is sent. */
export interface IntegrationRequest {
  readonly body: string | Buffer;
  readonly contentType: string;
  /** By `integration.request.header|querystring|path.…` of the request parameters, and the template's overrides. */
  readonly header: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly path: Readonly<Record<string, string>>;
}

/** The request after its mapping ("Data transformations for REST APIs"). Throws UNSUPPORTED_MEDIA_TYPE, API_CONFIGURATION_ERROR. */
export function integrationRequest(request: GatewayRequest): IntegrationRequest {
  const contentType = headerOf(request, 'content-type')?.split(';')[0]?.trim() || 'application/json';
  const rendered = renderedBody(request, contentType);
  const mapped = mappedParameters(request);
  const { header, querystring, path } = rendered?.requestOverride ?? { header: {}, querystring: {}, path: {} };
  return {
    body: rendered?.text ?? request.raw.body,
    contentType: mapped.header['Content-Type'] ?? contentType,
    header: { ...mapped.header, ...header },
    querystring: { ...mapped.querystring, ...querystring },
    path: { ...mapped.path, ...path },
  };
}

/** "Integration passthrough behaviors": what happens to a content type without a template. */
function renderedBody(request: GatewayRequest, contentType: string): Rendered | undefined {
  const { requestTemplates = {}, passthroughBehavior } = request.route?.method.methodIntegration ?? {};
  const template = requestTemplates[contentType] ?? requestTemplates['$default'];
  if (template !== undefined) return rendered(template, request, request.raw.body.toString());
  const hasTemplates = Object.keys(requestTemplates).length > 0;
  if (passthroughBehavior === 'NEVER' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && hasTemplates)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type');
  }
  return undefined;
}

/** A template's text. What is wrong with a template is the API's fault, or the body's. */
export function rendered(template: string, request: GatewayRequest, body: string): Rendered {
  try {
    return renderTemplate(template, request, body);
  } catch (error) {
    complain(request, `mapping template: ${(error as Error).message}`);
    throw internalError('API_CONFIGURATION_ERROR');
  }
}

function mappedParameters(request: GatewayRequest) {
  const mapped = { header: {}, querystring: {}, path: {} } as Record<
    'header' | 'querystring' | 'path',
    Record<string, string>
  >;
  const context = requestContext(request);
  for (const [target, source] of Object.entries(request.route?.method.methodIntegration?.requestParameters ?? {})) {
    const [, kind, name = ''] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(target) ?? [];
    const value = source.startsWith('method.request.body')
      ? request.raw.body.toString()
      : parameter(source, request, context);
    if (kind !== undefined && value !== undefined) mapped[kind as keyof typeof mapped][name] = value;
  }
  return mapped;
}
