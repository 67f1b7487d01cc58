import type { LogRecord } from '@stackyard/log-records';

/**
 * A record as a line of the archive. One that nests deeper than JSON can be written, as parsed JSON may, becomes a record that
 * says so: otherwise its batch would fail for ever and its shard would wait.
 */
export function logLine(record: LogRecord): string {
  try {
    return `${JSON.stringify(record)}\n`;
  } catch (error) {
    // `message` and `attributes` may hold anything; the rest is plain.
    const { message: _, attributes: __, ...rest } = record;
    const attributes = { problem: `cannot be written as JSON: ${(error as Error).message}` };
    return `${JSON.stringify({ ...rest, level: 'ERROR', message: 'record.unwritable', attributes })}\n`;
  }
}
