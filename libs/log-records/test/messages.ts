import { gzipSync } from 'node:zlib';

export interface LogEvent {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
}

export const group = 'dev-orders-EchoLogs';
export const stream = '2026/11/21/orders[7]0123456789abcdef0123456789abcdef';

/** A record of the stream as CloudWatch Logs puts it. */
export function subscriptionRecord(logEvents: readonly unknown[], more: object = {}): Buffer {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: group,
    logStream: stream,
    subscriptionFilters: ['to-stream'],
    logEvents,
    ...more,
  };
  return gzipSync(JSON.stringify(message));
}
