import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { type ApiRoute, answerAccepted, answerError, readBody } from './api-server.ts';
import { Fault, type Progress } from './progress.ts';
import type { InvocationRequest } from './types.ts';

/** What the runtime has answered to an invocation. */
export interface RuntimeAnswer {
  readonly payload: Buffer;
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
  /** Gives the waiting runtime an invocation. */
  deliver(invocation: InvocationRequest, deadlineMs: number): void;
}

/** 6 MiB and 100 bytes: the largest response of a buffered invocation (interop.MaxPayloadSize of AWS's emulator). */
export const maxResponseBytes = 6 * 1024 * 1024 + 100;

const root = '/2018-06-01/runtime';

export function createRuntimeApi(progress: Progress, clock: Clock): RuntimeApi {
  let state: 'Started' | 'Ready' | 'Running' | 'ResponseSent' | 'InitError' = 'Started';
  let next: ServerResponse | undefined;
  let current: InvocationRequest | undefined;
  let answer: RuntimeAnswer | undefined;

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
    answer = { payload, functionError, contentType, startedAt, endedAt: clock.now() };
    progress.changed();
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
          const message = `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`;
          settle(errorPayload('Function.ResponseSizeTooLarge', message), true, undefined, startedAt);
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
    deliver(invocation, deadlineMs) {
      const response = next;
      if (!response || state !== 'Ready') throw new Error('The runtime does not wait for an invocation.');
      state = 'Running';
      next = undefined;
      answer = undefined;
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

/** Only types of this form are taken over from a runtime (fatalerror of AWS's emulator). */
function knownErrorType(type: string | string[] | undefined): string {
  return typeof type === 'string' && /^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type) ? type : 'Runtime.Unknown';
}

export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
