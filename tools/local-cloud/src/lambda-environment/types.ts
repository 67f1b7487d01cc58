import type { Clock } from '../clock.ts';
import type { Credentials } from '../service.ts';
import type { ResponseStream } from './response-stream.ts';

/** What one execution environment is made from. Folders are ready: code unpacked, layers merged in order. */
export interface EnvironmentSpec {
  readonly functionName: string;
  /** Unqualified ARN. */
  readonly functionArn: string;
  /** `$LATEST` or a version number. */
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  /** What runs instead of the runtime client: the program of an image that is not built upon AWS's. */
  readonly program?: { readonly nodeArguments: readonly string[]; readonly folder: string } | undefined;
  /** 1,000 to 900,000. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
  /** Holds the unpacked deployment package; becomes LAMBDA_TASK_ROOT. */
  readonly taskRoot: string;
  /** Stands for `/opt`: the layers merged in order. Every file directly in `<optRoot>/extensions` is launched. */
  readonly optRoot: string;
  /** The function's own environment variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly logFormat: 'JSON' | 'Text';
  readonly applicationLogLevel: string | undefined;
  readonly systemLogLevel: string | undefined;
  readonly logGroup: string;
  readonly logStream: string;
  /** Session credentials of the function's role. */
  readonly credentials: Credentials;
  /** `http://127.0.0.1:4566`: passed to the processes as AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly initializationType: 'on-demand' | 'provisioned-concurrency';
  readonly clock: Clock;
  /** A folder for this environment alone (`/tmp` of its processes lives in it); the owner removes it. */
  readonly scratch: string;
}

export interface InvocationRequest {
  readonly requestId: string;
  /** The event, already JSON. */
  readonly payload: Buffer;
  readonly invokedFunctionArn: string;
  readonly traceId?: string;
  readonly clientContext?: string;
  /** The caller takes the response as it comes. Without it, a runtime that streams is collected. */
  readonly streaming?: boolean;
}

export interface InvocationResult {
  /** The response payload; for a function error the error object `{errorMessage, errorType, stackTrace?}`. */
  readonly payload: Buffer;
  /** `Unhandled` is what Lambda puts in X-Amz-Function-Error for every error of a function today. */
  readonly functionError?: 'Unhandled' | 'Handled';
  /**
   * Content type of the runtime's response. `application/vnd.awslambda.http-integration-response` marks a streamed HTTP
   * response: JSON prelude, eight zero bytes, body.
   */
  readonly contentType?: string;
  /** In place of the payload, when caller and runtime stream. */
  readonly stream?: ResponseStream;
}

/** A line for CloudWatch Logs, as Lambda would write it: an application line, or START/END/REPORT and their JSON forms. */
export interface EnvironmentLog {
  readonly time: number;
  readonly message: string;
}

/** One execution environment: serves one invocation at a time. */
export interface ExecutionEnvironment {
  readonly id: string;
  /** `idle` environments are frozen and take the next invocation; `broken` ones re-initialise inside it (/tmp kept). */
  readonly state: 'starting' | 'idle' | 'busy' | 'broken' | 'closed';
  /** Resolves when the first initialisation is over: whether it went well. */
  readonly initialised: Promise<boolean>;
  /**
   * Runs one invocation, initialising first where needed.
   * `response` settles when the caller gets its answer, `done` when extensions are finished too and the environment is
   * frozen again. Function errors, time-outs and crashes are results, not rejections.
   */
  invoke(request: InvocationRequest): { response: Promise<InvocationResult>; done: Promise<void> };
  /** SHUTDOWN phase with its budget; afterwards no process of it is left. */
  shutdown(reason: 'SPINDOWN' | 'TIMEOUT' | 'FAILURE'): Promise<void>;
}
