import { isObject, type JsonObject, parseJson } from './json.ts';
import { type Level, readLevel } from './levels.ts';
import type { LogRecord } from './record.ts';
import { isTime } from './time.ts';
import { readTraceHeader, readTraceId } from './trace-id.ts';

/** What a record says by itself; the rest is known of the environment. */
export type Content = Pick<LogRecord, 'time' | 'level' | 'message' | 'requestId' | 'traceId' | 'attributes'> & {
  readonly source: 'function' | 'platform' | 'extension';
};

/** Node's text format: `time requestId LEVEL message`; outside an invocation the request id is the word undefined. */
const textLine =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)[\t ]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|undefined)[\t ]\[?(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\]?[\t ]/;

/**
 * One event of the Telemetry API ("Lambda Telemetry API Event schema reference") as the content of a record. Whatever the
 * event is, nothing of it is lost: what can't be read is the message. `current` is the running invocation's id, for lines
 * that don't say theirs.
 */
export function readEvent(event: unknown, current: string | undefined): Content {
  const { type, time, record } = isObject(event) && 'record' in event ? event : { record: event };
  const base: Content = {
    time: readTime(time) ?? new Date().toISOString(),
    level: 'INFO',
    message: '',
    source: 'platform',
  };
  if (type === 'function' || type === 'extension') {
    return readLine(record, { ...base, source: type, ...(current === undefined ? {} : { requestId: current }) });
  }
  return readPlatformEvent(typeof type === 'string' ? type : undefined, record, base);
}

/** The invocation a platform event is about, for `platform.start` and `platform.runtimeDone`. */
export function invocationOf(event: unknown): { phase: 'start' | 'runtimeDone'; requestId: string } | undefined {
  if (!isObject(event) || !isObject(event['record'])) return undefined;
  const phase =
    event['type'] === 'platform.start' ? 'start' : event['type'] === 'platform.runtimeDone' ? 'runtimeDone' : '';
  const { requestId } = event['record'];
  return phase && typeof requestId === 'string' ? { phase, requestId } : undefined;
}

function readPlatformEvent(type: string | undefined, record: unknown, base: Content): Content {
  if (type === undefined) return { ...base, message: record };
  if (!isObject(record)) return { ...base, message: { type, record } };
  const requestId = readId(record['requestId']);
  const traceId = isObject(record['tracing']) ? readTraceHeader(record['tracing']['value']) : undefined;
  const { requestId: _, ...others } = record;
  return {
    ...base,
    level: platformLevel(type, record),
    message: type,
    ...(traceId === undefined ? {} : { traceId }),
    ...(requestId === undefined ? { attributes: record } : { requestId, attributes: others }),
  };
}

/** Levels of system logs, from the page "Log-level filtering" of the Lambda guide. */
function platformLevel(type: string, { status = 'success', errorType }: JsonObject): Level {
  if (status !== 'success' || errorType !== undefined || type === 'platform.logsDropped') return 'WARN';
  return /(untimeDone|initReport|restoreReport)$/.test(type) ? 'DEBUG' : 'INFO';
}

/** A line: an object in the JSON format, else text, which may be an object printed as JSON. */
function readLine(line: unknown, base: Content): Content {
  if (isObject(line)) return readObject(line, base);
  if (typeof line !== 'string') return { ...base, message: line };
  const text = line.endsWith('\n') ? line.slice(0, -1) : line;
  const [header = '', time, requestId, level] = textLine.exec(text) ?? [];
  return readPrinted(text.slice(header.length), {
    ...base,
    time: time ?? base.time,
    level: readLevel(level) ?? base.level,
    ...(requestId === undefined || requestId === 'undefined' ? {} : { requestId }),
  });
}

/** Text; where it is an object printed as JSON, as many loggers do, it is read like one. */
function readPrinted(text: string, base: Content): Content {
  const object = text.startsWith('{') && text.endsWith('}') ? parseJson(text) : undefined;
  return isObject(object) ? readObject(object, base, 'as it is') : { ...base, message: text };
}

/** Names that loggers have for the same thing, the most reliable first. */
const names = {
  time: ['timestamp', 'time'],
  level: ['level', 'severity'],
  message: ['message', 'msg'],
  requestId: ['function_request_id', 'AWSRequestId', 'requestId'],
  traceId: ['xray_trace_id', 'traceId', 'trace_id'],
};

function readObject(object: JsonObject, base: Content, text?: 'as it is'): Content {
  const taken = new Set<string>();
  function take<T>(candidates: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
    for (const name of candidates) {
      const value = Object.hasOwn(object, name) ? read(object[name]) : undefined;
      if (value === undefined) continue;
      taken.add(name);
      return value;
    }
    return undefined;
  }

  const time = take(names.time, readTime) ?? base.time;
  const level = take(names.level, readLevel) ?? base.level;
  const requestId = take(names.requestId, readId) ?? base.requestId;
  const traceId = take(names.traceId, readTraceId) ?? base.traceId;
  const message = take(names.message, (value) => value);
  const others = Object.fromEntries(Object.entries(object).filter(([name]) => !taken.has(name)));
  const content = {
    ...base,
    time,
    level,
    ...(requestId === undefined ? {} : { requestId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
  // Without a message, what was logged is the value itself.
  if (message === undefined) return { ...content, message: others };
  const attributes = { ...base.attributes, ...others };
  const described = Object.keys(attributes).length > 0 ? { ...content, attributes } : content;
  return typeof message === 'string' && !text ? readPrinted(message, described) : { ...described, message };
}

function readTime(value: unknown): string | undefined {
  if (isTime(value)) return value;
  // Milliseconds since the epoch; a smaller number (before 2001) or a larger one is no time.
  return typeof value === 'number' && value >= 1e12 && value < 1e14 ? new Date(value).toISOString() : undefined;
}

/** Lambda's ids have 36 characters; whatever is much longer is something else. */
function readId(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 128 ? value : undefined;
}
