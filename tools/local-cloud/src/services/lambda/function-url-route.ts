import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendStream } from '../../endpoint/send-stream.ts';
import { AwsError } from '../../errors.ts';
import type { Cloud, RawRequest, Route } from '../../service.ts';
import { admit } from './function-url-access.ts';
import { functionUrlPath } from './function-url-configs.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './function-url-cors.ts';
import { functionUrlEvent } from './function-url-event.ts';
import { functionUrlResponse, type UrlResponse } from './function-url-response.ts';
import { invokeFunction, newTraceId } from './invocation.ts';
import { type FunctionUrl, type LambdaFunction, lambdaState } from './state.ts';

/** "Lambda quotas": a request to a function URL, as the event it becomes. */
const largestEvent = 6_291_456;

interface UrlTarget {
  readonly found: LambdaFunction;
  readonly qualifier: string;
  readonly url: FunctionUrl;
}

/** Function URLs: `/lambda-url/<url id>/…` stands for `https://<url id>.lambda-url.<region>.on.aws/…`. */
export const functionUrlRoute: Route = {
  matches: ({ path }) => path.startsWith(functionUrlPath),
  async handle(raw, response, cloud) {
    const requestId = randomUUID();
    const [urlId = ''] = raw.path.slice(functionUrlPath.length).split('/');
    const target = findTarget(cloud, urlId);
    // The answer of AWS for a host name that belongs to nobody.
    const answer = target
      ? await answerFor(target, raw, requestId, cloud)
      : refusal('AccessDeniedException', null, 403);
    await send(raw, response, { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } });
  },
};

async function answerFor(target: UrlTarget, raw: RawRequest, requestId: string, cloud: Cloud): Promise<UrlResponse> {
  const { cors } = target.url;
  if (cors && isPreflight(raw)) return { status: 200, headers: preflightHeaders(cors, raw), body: '' };
  try {
    const answer = await invoke(target, raw, requestId, cloud);
    return cors ? { ...answer, headers: { ...answer.headers, ...corsHeaders(cors, raw) } } : answer;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Who may not call it learns nothing else.
    const message = error.code.startsWith('AccessDenied') ? 'Forbidden' : error.message;
    return refusal(error.code, message, error.code === 'TooManyRequestsException' ? 429 : (error.status ?? 403));
  }
}

async function invoke(target: UrlTarget, raw: RawRequest, requestId: string, cloud: Cloud): Promise<UrlResponse> {
  const { found, qualifier, url } = target;
  const caller = await admit(cloud, raw, target);
  const traceId = newTraceId(cloud, found);
  const event = functionUrlEvent(raw, {
    urlId: url.id,
    region: found.region,
    rawPath: raw.path.slice(functionUrlPath.length + url.id.length) || '/',
    requestId,
    traceId,
    time: cloud.clock.now(),
    caller,
  });
  const payload = Buffer.from(JSON.stringify(event));
  if (payload.length > largestEvent) throw new AwsError('RequestEntityTooLarge', 'Request Too Long', { status: 413 });
  const { account, region, name } = found;
  const reference = { account, region, name, qualifier: qualifier === '$LATEST' ? undefined : qualifier };
  const streaming = url.invokeMode === 'RESPONSE_STREAM';
  const { result } = await invokeFunction(cloud, reference, { requestId, payload, traceId, streaming });
  const answer = await functionUrlResponse(result, streaming);
  const headers = { ...answer.headers, 'x-amzn-trace-id': traceId.replace(/Parent=[^;]*;/, '') };
  return { ...answer, headers };
}

function findTarget(cloud: Cloud, urlId: string): UrlTarget | undefined {
  for (const { account, region } of cloud.scopes('lambda')) {
    for (const found of lambdaState(cloud, account, region).functions.values()) {
      for (const [qualifier, url] of found.urls) if (url.id === urlId) return { found, qualifier, url };
    }
  }
  return undefined;
}

function refusal(type: string, Message: string | null, status: number): UrlResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type };
  return { status, headers, body: JSON.stringify({ Message }) };
}

async function send(raw: RawRequest, response: ServerResponse, { status, headers, body }: UrlResponse): Promise<void> {
  const empty = raw.method === 'HEAD' || status === 204 || status === 304;
  if (!empty && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    return sendStream(response, status, headers, body);
  }
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined;
  const length = bytes && status !== 204 ? { 'content-length': bytes.length } : {};
  response.writeHead(status, { ...headers, ...length });
  response.end(empty ? undefined : bytes);
}
