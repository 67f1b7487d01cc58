import type { OutgoingHttpHeaders } from 'node:http';
import type { ResponseStream } from '../../lambda-environment/response-stream.ts';
import type { InvocationResult } from '../../lambda-environment/types.ts';

export interface UrlResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** Content type of a streamed response that brings its status and headers with it: JSON, eight zero bytes, body. */
const streamedResponse = 'application/vnd.awslambda.http-integration-response';
const preludeEnd = Buffer.alloc(8);

/** Node sets these itself, and HTTP/2 has no place for them. */
const hopByHop = new Set(['connection', 'content-length', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade']);

/** What a caller gets for a function's answer, by "Response payload format" of "Invoking Lambda function URLs". */
export async function functionUrlResponse(result: InvocationResult, streaming: boolean): Promise<UrlResponse> {
  if (result.functionError) return badGateway;
  if (result.stream) return passedOn(result.stream);
  if (result.contentType?.startsWith(streamedResponse)) return streamed(result.payload);
  if (streaming)
    return {
      status: 200,
      headers: { 'content-type': result.contentType ?? 'application/octet-stream' },
      body: result.payload,
    };
  let answer: unknown;
  try {
    answer = JSON.parse(result.payload.toString() || 'null');
  } catch {
    return badGateway;
  }
  if (isObject(answer) && answer['statusCode'] !== undefined) return formatted(answer);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof answer === 'string' ? answer : result.payload,
  };
}

const badGateway: UrlResponse = {
  status: 502,
  headers: { 'content-type': 'text/plain' },
  body: 'Internal Server Error',
};

function streamed(payload: Buffer): UrlResponse {
  const end = payload.indexOf(preludeEnd);
  if (end < 0) return badGateway;
  const head = readPrelude(payload.subarray(0, end));
  return head ? { ...head, body: payload.subarray(end + preludeEnd.length) } : badGateway;
}

function readPrelude(json: Buffer): UrlResponse | undefined {
  try {
    return formatted({ statusCode: 200, ...JSON.parse(json.toString()) });
  } catch {
    return undefined;
  }
}

/** A response on its way: its prelude is waited for, the rest is handed on as it comes. */
async function passedOn(stream: ResponseStream): Promise<UrlResponse> {
  const { contentType = 'application/octet-stream' } = stream;
  const chunks = stream.chunks[Symbol.asyncIterator]();
  if (!contentType.startsWith(streamedResponse)) {
    return { status: 200, headers: { 'content-type': contentType }, body: rest(stream, chunks) };
  }
  let start = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const { value, done } = await chunks.next();
    if (done) return badGateway;
    start = Buffer.concat([start, value]);
    end = start.indexOf(preludeEnd);
  }
  const head = readPrelude(start.subarray(0, end));
  return head ? { ...head, body: rest(stream, chunks, start.subarray(end + preludeEnd.length)) } : badGateway;
}

/** Throws at its end when the function failed after it had begun: all that can be done then is to cut the connection. */
async function* rest(
  stream: ResponseStream,
  chunks: AsyncIterator<Buffer>,
  first: Buffer = Buffer.alloc(0),
): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  yield* { [Symbol.asyncIterator]: () => chunks };
  if (stream.error) throw new Error(stream.error.errorType);
}

function formatted(answer: Record<string, unknown>): UrlResponse {
  const { statusCode } = answer;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) return badGateway;
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(isObject(answer['headers']) ? answer['headers'] : {})) {
    if (!hopByHop.has(name.toLowerCase())) headers[name.toLowerCase()] = textOf(value);
  }
  if (Array.isArray(answer['cookies'])) headers['set-cookie'] = answer['cookies'].map(textOf);
  return { status, headers, body: bodyOf(answer) };
}

/** What a handler puts where text belongs. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function bodyOf({ body = '', isBase64Encoded }: Record<string, unknown>): Uint8Array | string {
  if (typeof body !== 'string') return JSON.stringify(body) ?? '';
  return isBase64Encoded === true ? Buffer.from(body, 'base64') : body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
