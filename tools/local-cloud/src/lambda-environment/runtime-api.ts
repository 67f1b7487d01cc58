import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ApiRoute, answerAccepted, answerError, readBody } from './api-server.ts';
import { Fault, type Progress } from './progress.ts';
import { createResponseStream, type ResponseStreamWriter, type StreamError } from './response-stream.ts';
import type { InvocationRequest } from './types.ts';

/** What the runtime has answered to an invocation. */
export interface RuntimeAnswer {
  /** Empty when it was streamed. */
  readonly payload: Buffer;
  /** Length of what the runtime sent. */
  readonly bytes: number;
  readonly functionError: boolean;
  readonly contentType: string | undefined;
  /** When it began and ended, by the environment's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The sandbox's side of one runtime process ("Using the Lambda runtime API", Lambda guide). */
export interface RuntimeApi {
  readonly routes: readonly ApiRoute[];
  /** The runtime waits for an invocation. */
  readonly waiting: boolean;
  /** The answer to the present or last invocation. */
  readonly answer: RuntimeAnswer | undefined;
  /** The response that the runtime streams to a caller who takes it so. */
  readonly stream: ResponseStreamWriter | undefined;
  /** Gives the waiting runtime an invocation. */
  deliver(invocation: InvocationRequest, deadlineMs: number): void;
}

/** 6 MiB and 100 bytes: the largest response of a buffered invocation (interop.MaxPayloadSize of AWS's emulator). */
const maxResponseBytes = 6 * 1024 * 1024 + 100;

/** "Lambda quotas": a streamed response, 200 MB. */
const maxStreamedBytes = 200 * 1024 * 1024;

const root = '/2018-06-01/runtime';

export function createRuntimeApi(progress: Progress, clock: Clock): RuntimeApi {
  let state: 'Started' | 'Ready' | 'Running' | 'ResponseSent' | 'InitError' = 'Started';
  let next: ServerResponse | undefined;
  let current: InvocationRequest | undefined;
  let answer: RuntimeAnswer | undefined;
  let stream: ResponseStreamWriter | undefined;

  function refuse(response: ServerResponse, to: string): void {
    answerError(
      response,
      403,
      'InvalidStateTransition',
      `State transition from ${state} to ${to} failed for runtime. Error: State transition is not allowed`,
    );
  }

  /** False, and answered, when the runtime may not answer this invocation now. */
  function mayAnswer(response: ServerResponse, id: string | undefined, to: string): boolean {
    if (id !== current?.requestId) answerError(response, 400, 'InvalidRequestID', 'Invalid request ID');
    else if (state !== 'Running') refuse(response, to);
    else return true;
    return false;
  }

  function settle(payload: Buffer, functionError: boolean, contentType: string | undefined, startedAt: number): void {
    state = 'ResponseSent';
    answer = { payload, bytes: payload.length, functionError, contentType, startedAt, endedAt: clock.now() };
    progress.changed();
  }

  /** Hands the body on as it comes. Trailers say how a stream failed after it has begun. */
  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = clock.now();
    const out = createResponseStream(request.headers['content-type']);
    stream = out;
    progress.changed();
    const bytes = await copyStream(request, out);

    const end = (error?: StreamError) => {
      state = 'ResponseSent';
      const payload = Buffer.alloc(0);
      const { contentType } = out;
      answer = {
        payload,
        bytes: bytes ?? 0,
        functionError: error !== undefined,
        contentType,
        startedAt,
        endedAt: clock.now(),
      };
      out.end(error);
      progress.changed();
    };
    const fail = (errorType: string, message: string) => end({ errorType, payload: errorPayload(errorType, message) });
    if (bytes === undefined) {
      fail('Runtime.TruncatedResponse', 'HTTP request detected as truncated');
      return answerError(response, 400, 'TruncatedHTTPRequest', 'HTTP request detected as truncated');
    }
    if (bytes > maxStreamedBytes) {
      fail('Function.ResponseSizeTooLarge', tooLarge(maxStreamedBytes));
      const refusal = `Exceeded maximum allowed payload size (${maxStreamedBytes} bytes).`;
      return answerError(response, 413, 'RequestEntityTooLarge', refusal);
    }
    const errorType = request.trailers['lambda-runtime-function-error-type'];
    const body = Buffer.from(request.trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
    end(errorType === undefined ? undefined : { errorType, payload: body });
    answerAccepted(response);
  }

  const routes: ApiRoute[] = [
    {
      method: 'GET',
      path: /^\/2018-06-01\/ping$/,
      handle: (_request, response) => {
        response.end('pong');
      },
    },
    {
      method: 'GET',
      path: new RegExp(`^${root}/invocation/next$`),
      handle(_request, response) {
        if (state === 'Running' || state === 'InitError') return refuse(response, 'Ready');
        state = 'Ready';
        next = response;
        progress.changed();
      },
    },
    {
      method: 'POST',
      path: new RegExp(`^${root}/invocation/([^/]+)/response$`),
      async handle(request, response, [id]) {
        const startedAt = clock.now();
        const mode = request.headers['lambda-runtime-function-response-mode'];
        if (mode === 'streaming' && current?.streaming) {
          if (mayAnswer(response, id, 'InvocationResponse')) await passOn(request, response);
          return;
        }
        const { body, bytes } = await readBody(request, maxResponseBytes).catch(() => ({ body: undefined, bytes: 0 }));
        if (!mayAnswer(response, id, 'InvocationResponse')) return;
        if (body === undefined) {
          settle(
            errorPayload('Runtime.TruncatedResponse', 'HTTP request detected as truncated'),
            true,
            undefined,
            startedAt,
          );
          return answerError(response, 400, 'TruncatedHTTPRequest', 'HTTP request detected as truncated');
        }
        if (mode !== undefined && mode !== 'streaming') {
          settle(
            errorPayload('Runtime.InvalidResponseModeHeader', 'Invalid function response mode'),
            true,
            undefined,
            startedAt,
          );
          return answerError(response, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
        }
        if (bytes > maxResponseBytes) {
          const error = errorPayload('Function.ResponseSizeTooLarge', tooLarge(maxResponseBytes));
          settle(error, true, undefined, startedAt);
          const refusal = `Exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
          return answerError(response, 413, 'RequestEntityTooLarge', refusal);
        }
        // A stream that fails after it has begun says so in trailers.
        const trailer = request.trailers['lambda-runtime-function-error-body'];
        if (trailer) settle(Buffer.from(trailer, 'base64'), true, undefined, startedAt);
        else settle(body, false, request.headers['content-type'], startedAt);
        answerAccepted(response);
      },
    },
    {
      method: 'POST',
      path: new RegExp(`^${root}/invocation/([^/]+)/error$`),
      async handle(request, response, [id]) {
        const startedAt = clock.now();
        const { body } = await readBody(request);
        if (!mayAnswer(response, id, 'InvocationErrorResponse')) return;
        settle(body, true, request.headers['content-type'], startedAt);
        answerAccepted(response);
      },
    },
    {
      method: 'POST',
      path: new RegExp(`^${root}/init/error$`),
      async handle(request, response) {
        const { body } = await readBody(request);
        if (state !== 'Started') return refuse(response, 'InitError');
        state = 'InitError';
        answerAccepted(response);
        const type = knownErrorType(request.headers['lambda-runtime-function-error-type']);
        progress.fail(new Fault('error', type, 'Runtime initialisation failed', body));
      },
    },
  ];

  return {
    routes,
    get waiting() {
      return state === 'Ready';
    },
    get answer() {
      return answer;
    },
    get stream() {
      return stream;
    },
    deliver(invocation, deadlineMs) {
      const response = next;
      if (!response || state !== 'Ready') throw new Error('The runtime does not wait for an invocation.');
      state = 'Running';
      next = undefined;
      answer = undefined;
      stream = undefined;
      current = invocation;
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': invocation.payload.length,
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': String(Math.round(deadlineMs)),
        'lambda-runtime-invoked-function-arn': invocation.invokedFunctionArn,
        ...(invocation.traceId ? { 'lambda-runtime-trace-id': invocation.traceId } : {}),
        ...(invocation.clientContext ? { 'lambda-runtime-client-context': invocation.clientContext } : {}),
      });
      response.end(invocation.payload);
    },
  };
}

function tooLarge(limit: number): string {
  return `Response payload size exceeded maximum allowed payload size (${limit} bytes).`;
}

/** Copies until the limit is passed and returns the number of bytes seen; nothing when the request was cut off. */
async function copyStream(request: IncomingMessage, out: ResponseStreamWriter): Promise<number | undefined> {
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= maxStreamedBytes) await out.write(chunk);
    }
    return bytes;
  } catch {
    return undefined;
  }
}

/** Only types of this form are taken over from a runtime (fatalerror of AWS's emulator). */
function knownErrorType(type: string | string[] | undefined): string {
  return typeof type === 'string' && /^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type) ? type : 'Runtime.Unknown';
}

export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
