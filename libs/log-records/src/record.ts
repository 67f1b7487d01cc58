import type { Level } from './levels.ts';

/** Who says it: a function's code, Lambda, an extension, a container, or, of what could not be read, this library. */
export const sources = ['function', 'platform', 'extension', 'container', 'decoder'] as const;
export type Source = (typeof sources)[number];

/**
 * A log record as readers see it, however it came into the stream. docs/record-format.md describes each field.
 */
export interface LogRecord {
  /** Version of this format. */
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: Level;
  /** What was logged: text, or the value itself where the function logged a value that has no message of its own. */
  readonly message: unknown;
  readonly source: Source;
  readonly requestId?: string;
  /** 32 hexadecimal digits in lower case, as W3C writes the id of a trace; X-Ray's ids too. */
  readonly traceId?: string;
  /** What else the line said. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Name of the Lambda function. */
  readonly function?: string;
  /** Name of the service whose container it is; such a record has no `function`. */
  readonly service?: string;
  /** Of the function, or the revision of the container's task definition. */
  readonly version?: string;
  /** The execution environment, or the id of the container's task. */
  readonly environment?: string;
  /** Counts the environment's records from 0, in the order they were received. Where who shipped them counts. */
  readonly sequence?: number;
  /** Present on the parts of a record that is too large for Kinesis. */
  readonly part?: Part;
  /** Present on records that came by CloudWatch Logs. */
  readonly logEvent?: LogEventReference;
}

/**
 * One of `count` parts, which have consecutive sequence numbers. Their messages joined are the message (`text`; attributes are
 * with the first part), or an object of message and attributes as JSON (`json`).
 */
export interface Part {
  readonly number: number;
  readonly count: number;
  readonly of: 'text' | 'json';
}

/** Where CloudWatch Logs holds a record too. */
export interface LogEventReference {
  /** CloudWatch Logs' own, unique within the account and region. */
  readonly id: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** Account of the log group. */
  readonly owner: string;
}

/**
 * What is the same for two copies of one record and for no two records: streams deliver at least once, and who reads drops what
 * it has seen. Undefined when the record says nothing of the kind, as one the decoder made.
 */
export function identityOf({ environment, sequence, logEvent }: LogRecord): string | undefined {
  if (logEvent) return `${logEvent.owner}:${logEvent.logGroup}:${logEvent.id}`;
  return environment === undefined || sequence === undefined ? undefined : `${environment}:${sequence}`;
}
