import { gzipSync } from 'node:zlib';
import type { LogRecord } from '@stackyard/log-records';
import type { KinesisStreamRecord } from 'aws-lambda';

export const arrival = new Date('2026-11-21T13:30:00.000Z');

/** A record of the stream as an event source mapping hands it to a function. */
export function streamRecord(data: Uint8Array, sequenceNumber = '1', arrived = arrival): KinesisStreamRecord {
  return {
    eventID: `shardId-000000000000:${sequenceNumber}`,
    kinesis: {
      data: Buffer.from(data).toString('base64'),
      sequenceNumber,
      approximateArrivalTimestamp: arrived.getTime() / 1000,
    },
  } as KinesisStreamRecord;
}

export const shipped = (sequence: number, message: unknown = `line ${sequence}`): LogRecord => ({
  v: 1,
  time: '2026-11-21T13:29:59.000Z',
  level: 'INFO',
  message,
  source: 'function',
  environment: 'a',
  sequence,
});

export const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** What CloudWatch Logs sends: one record of the stream with several log events. */
export function subscriptionMessage(messages: readonly string[]): Buffer {
  const timestamp = arrival.getTime();
  return gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '123456789012',
      logGroup: '/aws/lambda/orders',
      logStream: '2026/11/21/[1]0123456789abcdef0123456789abcdef',
      logEvents: messages.map((message, i) => ({ id: `${i}`, timestamp, message })),
    }),
  );
}
