import { isBinary } from './binary.ts';
import { requestContext } from './context.ts';
import { internalError } from './gateway-error.ts';
import { complain, type GatewayRequest, headerOf, multiple, single, sourceArn } from './gateway-request.ts';
import type { HttpAnswer } from './gateway-response.ts';
import { functionArnOf, invokeWithin } from './invoke-function.ts';
import { withStageVariables } from './stage-variables.ts';

/** Why an answer is refused, for the API's author. */
const wrongForm =
  'something else than "Output format of a Lambda function for proxy integration" asks for: { "statusCode": 200, "body": "text" }';

/** Integration type AWS_PROXY: the function is given the request and answers the response. */
export async function lambdaProxy(request: GatewayRequest): Promise<HttpAnswer> {
  const { uri, credentials } = request.route?.method.methodIntegration ?? {};
  const arn = functionArnOf(withStageVariables(uri, request));
  const { payload, failed } = await invokeWithin(request.cloud, request.api, {
    arn,
    credentials,
    sourceArn: sourceArn(request),
    event: JSON.stringify(proxyEvent(request)),
  });
  const answer = failed ? undefined : proxyAnswer(payload, request);
  if (answer) return answer;
  complain(request, failed ? `${arn} failed: ${Buffer.from(payload).toString()}` : `${arn} answered ${wrongForm}`);
  throw internalError('DEFAULT_5XX', 502);
}

/** "Input format of a Lambda function for proxy integration", payload format version 1.0 without the version. */
function proxyEvent(request: GatewayRequest): Record<string, unknown> {
  const { raw, route, stage, definition } = request;
  const binary = isBinary(definition, headerOf(request, 'content-type'));
  return {
    resource: route?.resource.path,
    path: request.path,
    httpMethod: raw.method,
    headers: single(request.headers),
    multiValueHeaders: multiple(request.headers),
    queryStringParameters: single(request.query),
    multiValueQueryStringParameters: multiple(request.query),
    pathParameters: Object.keys(route?.pathParameters ?? {}).length > 0 ? route?.pathParameters : null,
    stageVariables: Object.keys(stage.variables ?? {}).length > 0 ? stage.variables : null,
    requestContext: requestContext(request),
    body: raw.body.length === 0 ? null : raw.body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary && raw.body.length > 0,
  };
}

/** "Amazon API Gateway important notes": headers of an answer that reach the client under another name. */
const remapped = new Set([
  'authorization',
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
]);
/** The connection's own business. */
const dropped = new Set(['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** "Output format of a Lambda function for proxy integration"; `undefined` when the answer is not of that form. */
function proxyAnswer(payload: Uint8Array, request: GatewayRequest): HttpAnswer | undefined {
  const answer = parse(payload);
  if (!answer) return undefined;
  const { statusCode, body = '', isBase64Encoded = false } = answer;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if ((typeof body !== 'string' && body !== null) || typeof isBase64Encoded !== 'boolean') return undefined;
  const headers = answerHeaders(answer);
  if (!headers) return undefined;
  const decode = isBase64Encoded && isBinary(request.definition, headerOf(request, 'accept') ?? '*/*');
  return { status, headers, body: decode ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

/** With one value each and with several; where a name is in both, the several count. */
function answerHeaders({
  headers,
  multiValueHeaders,
}: Record<string, unknown>): Record<string, string | string[]> | undefined {
  if (!isMap(headers) || !isMap(multiValueHeaders)) return undefined;
  const result: Record<string, string | string[]> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'object') return undefined;
    set(result, name, String(value));
  }
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (!Array.isArray(values)) return undefined;
    set(result, name, values.map(String));
  }
  return result;
}

function set(headers: Record<string, string | string[]>, given: string, value: string | string[]): void {
  const name = given.toLowerCase();
  if (!dropped.has(name)) headers[remapped.has(name) ? `x-amzn-remapped-${name}` : name] = value;
}

function parse(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const answer: unknown = JSON.parse(Buffer.from(payload).toString());
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isMap(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || (typeof value === 'object' && !Array.isArray(value));
}
