import type { LogRecord } from '@stackyard/log-records';
import type { Content } from '@stackyard/log-records/read-event';

/** What this extension writes into the stream: one JSON object per Kinesis record. */
export type TelemetryRecord = Content & Origin & Required<Pick<LogRecord, 'v' | 'sequence'>> & Pick<LogRecord, 'part'>;

/** Who logs. */
export type Origin = Required<Pick<LogRecord, 'function' | 'version' | 'environment'>>;

/**
 * An origin for this process: the environment of a function. Its id has to be unique, not secret, so it does without the
 * crypto module, which the function would wait for while the environment starts.
 */
export function createOrigin(functionName: string, version: string): Origin {
  const word = () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return { function: functionName, version, environment: word() + word() };
}
