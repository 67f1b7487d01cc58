import { isObject, type JsonObject, parseJson, printJson } from './json.ts';
import { readEvent } from './read-event.ts';
import type { LogEventReference, LogRecord } from './record.ts';
import { unreadable } from './unreadable.ts';

/**
 * The log events of a message as CloudWatch Logs sends it to a subscription's destination, each as a record; none of a
 * CONTROL_MESSAGE, which only checks that the destination can be reached ("Log group-level subscription filters", CloudWatch
 * Logs User Guide). What cannot be read becomes a record that says so, in its place.
 */
export function readSubscriptionMessage(message: JsonObject, data: Uint8Array, arrived: Date): LogRecord[] {
  const { messageType, owner, logGroup, logStream, logEvents } = message;
  if (messageType === 'CONTROL_MESSAGE') return [];
  if (messageType !== 'DATA_MESSAGE') {
    const problem = `messageType is ${JSON.stringify(messageType)}; known are DATA_MESSAGE and CONTROL_MESSAGE`;
    return [unreadable(problem, data, arrived)];
  }
  if (!isText(owner) || !isText(logGroup) || !isText(logStream) || !Array.isArray(logEvents)) {
    return [unreadable('a DATA_MESSAGE without owner, logGroup, logStream or logEvents', data, arrived)];
  }
  return logEvents.map((event: unknown) => readLogEvent(event, { owner, logGroup, logStream }, arrived));
}

function readLogEvent(event: unknown, from: Omit<LogEventReference, 'id'>, arrived: Date): LogRecord {
  if (!isObject(event) || !isText(event['id']) || !isText(event['message']) || !isTime(event['timestamp'])) {
    const problem = `a log event of ${from.logGroup} without id, timestamp or message`;
    return unreadable(problem, Buffer.from(printJson(event)), arrived);
  }
  const { id, message, timestamp } = event;
  return {
    v: 1,
    ...readMessage(message, new Date(timestamp).toISOString()),
    ...environmentOf(from),
    logEvent: { id, ...from },
  };
}

/**
 * With Lambda's JSON log format a message is what the Telemetry API has of it: of a platform event the whole event, of a line
 * its record ("Log formats", AWS Lambda Developer Guide).
 */
function readMessage(message: string, time: string) {
  const line = parseJson(message);
  if (isPlatformEvent(line)) return readEvent({ time, ...line }, undefined);
  return readEvent({ type: 'function', time, record: isObject(line) ? line : message }, undefined);
}

function isPlatformEvent(line: unknown): line is JsonObject {
  return isObject(line) && isText(line['type']) && line['type'].startsWith('platform.') && isObject(line['record']);
}

/**
 * `2026/11/21/[$LATEST]` and 32 hexadecimal digits; with the function's name before the version where the log group is not the
 * function's own by name ("Configuring CloudWatch log groups", AWS Lambda Developer Guide).
 */
const lambdaStream = /^\d{4}\/\d\d\/\d\d\/([^[\]]*)\[([^\]]+)\]([0-9a-f]{32})$/;
const lambdaGroup = /^\/aws\/lambda\/(.+)$/;

/** What the names say of who logged; nothing when they are not Lambda's. */
function environmentOf({ logGroup, logStream }: Omit<LogEventReference, 'id'>) {
  const [, inStream, version, environment] = lambdaStream.exec(logStream) ?? [];
  const name = inStream || lambdaGroup.exec(logGroup)?.[1];
  return {
    ...(name && environment ? { function: name } : {}),
    ...(version ? { version } : {}),
    ...(environment ? { environment } : {}),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

const yearTenThousand = Date.UTC(10_000, 0);
/** Milliseconds since the epoch whose ISO 8601 text has a year of four digits. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < yearTenThousand;
