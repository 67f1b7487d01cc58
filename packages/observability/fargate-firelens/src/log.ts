export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Prints one structured line, which the log router reads as JSON. `fields` become attributes of the record. */
export function log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}
