import { gunzipSync } from 'node:zlib';
import { deaggregate, isAggregated } from './aggregated-record.ts';
import { readSubscriptionMessage } from './cloudwatch-logs.ts';
import { isObject, parseJson } from './json.ts';
import { problemsOf } from './problems.ts';
import type { LogRecord } from './record.ts';
import { unreadable } from './unreadable.ts';

/**
 * The records that one record of the log stream holds: one of what the telemetry extension shipped, or several where it
 * aggregates; any number of what came by a subscription filter of CloudWatch Logs, which sends gzipped messages.
 *
 * Never throws: what cannot be read is a record too, with the source `decoder`, the level `ERROR` and the problem among its
 * attributes, and takes nothing beside it along.
 *
 * @param data the record's bytes, as the SDK gives them; an event of a Lambda function has them in base64
 * @param arrived when the stream took the record, which is the time of what cannot be read
 */
export function decode(data: Uint8Array, arrived: Date = new Date()): LogRecord[] {
  if (!isAggregated(data)) return decodeOne(data, arrived);
  try {
    return deaggregate(data).flatMap((each) => decodeOne(each, arrived));
  } catch (error) {
    return [unreadable(`an aggregated record cannot be read: ${(error as Error).message}`, data, arrived)];
  }
}

function decodeOne(data: Uint8Array, arrived: Date): LogRecord[] {
  let text: string;
  try {
    text = unpack(data).toString();
  } catch (error) {
    return [unreadable(`gzip cannot be unpacked: ${(error as Error).message}`, data, arrived)];
  }
  const value = parseJson(text);
  if (!isObject(value)) return [unreadable('no JSON object', data, arrived)];
  if ('messageType' in value) return readSubscriptionMessage(value, data, arrived);
  const problems = problemsOf(value);
  return [problems.length > 0 ? unreadable(problems.join('; '), data, arrived) : (value as unknown as LogRecord)];
}

/** A subscription's message holds at most what one PutLogEvents took, 1 MiB; written as JSON that is a few times as much. */
const largestMessage = 64 * 1024 * 1024;

function unpack(data: Uint8Array): Buffer {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  return isGzip ? gunzipSync(data, { maxOutputLength: largestMessage }) : Buffer.from(data);
}
