import { type CallLambda, type LambdaAnswer, readAnswer } from './lambda-api.ts';

/** "Using the Lambda Extensions API", Lambda guide; the launcher knows it, too. */
const root = '/2020-01-01/extension';

export type ExtensionEvent =
  | {
      readonly eventType: 'INVOKE';
      readonly requestId: string;
      readonly deadlineMs: number;
      /** Of type `X-Amzn-Trace-Id`; the value is that of the header. */
      readonly tracing?: { readonly value?: string };
    }
  | { readonly eventType: 'SHUTDOWN'; readonly shutdownReason: string; readonly deadlineMs: number };

/** A registered extension ("Using the Lambda Extensions API", Lambda guide). */
export interface RegisteredExtension {
  readonly identifier: string;
  readonly functionName: string;
  readonly functionVersion: string;
  /** Says that everything about the last event is done, and waits for the next one however long it takes. */
  next(): Promise<ExtensionEvent>;
  /** Says that the extension cannot go on and why, before it ends. `errorType`: `Extension.Reason`. */
  exit(errorType: string, message: string): Promise<void>;
}

/**
 * Registers the extension for all its events, unless the launcher did and left the answer in a file descriptor.
 * Throws when Lambda refused it.
 */
export async function register(call: CallLambda, name: string, descriptor?: number): Promise<RegisteredExtension> {
  const answer = await (descriptor === undefined
    ? call('POST', `${root}/register`, { 'lambda-extension-name': name }, { events: ['INVOKE', 'SHUTDOWN'] })
    : readAnswer(descriptor));
  const { functionName, functionVersion } = expectOk('register', answer);
  const identifier = String(answer.headers['lambda-extension-identifier']);
  const identity = { 'lambda-extension-identifier': identifier };
  return {
    identifier,
    functionName: String(functionName),
    functionVersion: String(functionVersion),
    async next() {
      const event = expectOk('event/next', await call('GET', `${root}/event/next`, identity));
      return event as unknown as ExtensionEvent;
    },
    async exit(errorType, errorMessage) {
      const headers = { ...identity, 'lambda-extension-function-error-type': errorType };
      await call('POST', `${root}/exit/error`, headers, { errorMessage, errorType, stackTrace: [] });
    },
  };
}

function expectOk(what: string, { status, body }: LambdaAnswer): Record<string, unknown> {
  if (status !== 200) throw new Error(`The Extensions API answered ${what} with ${status}: ${body}`);
  return JSON.parse(body) as Record<string, unknown>;
}
