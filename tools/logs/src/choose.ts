import type { LogRecord } from '@stackyard/log-records';
import { isAtLeast } from '@stackyard/log-records/levels';
import { readTraceId } from '@stackyard/log-records/trace-id';
import type { Choice } from './options.ts';

/** Whether a record is among those asked for. What could not be read is, whatever is asked for: it may be one of them. */
export function isChosen(record: LogRecord, choice: Choice): boolean {
  if (record.source === 'decoder' && choice.source === undefined) return true;
  const name = record.function ?? record.service ?? '';
  // X-Ray's form of an id is as good as the records'.
  const traceId = readTraceId(choice.traceId) ?? choice.traceId;
  return (
    (choice.function === undefined || name.includes(choice.function)) &&
    (choice.level === undefined || isAtLeast(record.level, choice.level)) &&
    (choice.source === undefined || record.source === choice.source) &&
    (choice.requestId === undefined || record.requestId === choice.requestId) &&
    (choice.traceId === undefined || record.traceId === traceId)
  );
}
