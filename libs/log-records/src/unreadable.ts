import type { LogRecord } from './record.ts';

/** How much of what could not be read its record shows: enough to recognise it. The stream has the whole. */
const shownBytes = 1024;

/** A record that stands for something that could not be read, so that it is seen where all others are. */
export function unreadable(problem: string, data: Uint8Array, arrived: Date): LogRecord {
  return {
    v: 1,
    time: arrived.toISOString(),
    level: 'ERROR',
    message: 'record.unreadable',
    source: 'decoder',
    attributes: {
      problem,
      bytes: data.byteLength,
      base64: Buffer.from(data.subarray(0, shownBytes)).toString('base64'),
    },
  };
}
