import type { OutgoingHttpHeaders } from 'node:http';
import type { Invocation } from './lambda-api.ts';
import type { Settings } from './settings.ts';

/** What the server is asked for. */
export interface ServerRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** Not an HTTP request: the event itself was posted, and the answer is JSON. */
  readonly passThrough: boolean;
}

/** The members of payload format 2.0 that are read ("Request payload format", Invoking Lambda function URLs). */
interface HttpEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

type RequestSettings = Pick<Settings, 'removeBasePath' | 'passThroughPath' | 'authorizationSource'>;
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Turns an event into a request of the server. Function URLs and HTTP APIs send payload format 2.0; whatever is no HTTP
 * request at all is posted as it is. Throws for the other HTTP formats, which this stand-in does not read.
 */
export function requestOf(invocation: Invocation, settings: RequestSettings, variables: Variables): ServerRequest {
  const event: unknown = JSON.parse(invocation.event.toString());
  const context = lambdaContext(invocation, variables);
  if (!isHttpEvent(event)) {
    refuseOtherFormats(event);
    const headers = { 'content-type': 'application/json', 'content-length': invocation.event.length };
    return {
      method: 'POST',
      path: settings.passThroughPath,
      headers: { ...headers, 'x-amzn-request-context': 'null', 'x-amzn-lambda-context': context },
      body: invocation.event,
      passThrough: true,
    };
  }
  const { rawPath, rawQueryString, requestContext } = event;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const headers: OutgoingHttpHeaders = {
    ...event.headers,
    ...(event.cookies && { cookie: event.cookies.join('; ') }),
    ...(body.length > 0 && { 'content-length': body.length }),
    'x-amzn-request-context': asciiJson(requestContext),
    'x-amzn-lambda-context': context,
  };
  const { authorizationSource } = settings;
  if (authorizationSource && headers[authorizationSource] !== undefined) {
    headers['authorization'] = String(headers[authorizationSource]);
    delete headers[authorizationSource];
  }
  return {
    method: requestContext.http.method,
    path: withoutBase(rawPath, settings.removeBasePath) + (rawQueryString ? `?${rawQueryString}` : ''),
    headers,
    body,
    passThrough: false,
  };
}

function isHttpEvent(event: unknown): event is HttpEvent {
  return isObject(event) && isObject(event['requestContext']) && isObject(event['requestContext']['http']);
}

function refuseOtherFormats(event: unknown): void {
  if (!isObject(event) || !isObject(event['requestContext'])) return;
  throw new Error(
    "The embedded cloud's stand-in for the Lambda Web Adapter reads HTTP events of payload format 2.0 only (function URLs, HTTP APIs)",
  );
}

/** `/api/orders` without `/api` is `/orders`; `/apiary` stays as it is. */
function withoutBase(path: string, base: string | undefined): string {
  const prefix = base?.replace(/\/$/, '');
  if (!prefix || (path !== prefix && !path.startsWith(`${prefix}/`))) return path;
  return path.slice(prefix.length) || '/';
}

/** The names of the Rust runtime client's context, which the adapter passes on ("Request & Lambda Context"). */
function lambdaContext(invocation: Invocation, variables: Variables): string {
  return asciiJson({
    request_id: invocation.requestId,
    deadline: invocation.deadlineMs,
    invoked_function_arn: invocation.functionArn,
    xray_trace_id: invocation.traceId ?? null,
    client_context: JSON.parse(invocation.clientContext ?? 'null'),
    identity: null,
    env_config: {
      function_name: variables['AWS_LAMBDA_FUNCTION_NAME'] ?? '',
      memory: Number(variables['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 0),
      version: variables['AWS_LAMBDA_FUNCTION_VERSION'] ?? '',
      log_stream: variables['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
      log_group: variables['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    },
  });
}

/** JSON that a header may hold. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
