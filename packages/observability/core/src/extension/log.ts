import type { Level } from '@stackyard/log-records/levels';

/** Writes a line to the extension's own log, which Lambda treats like the function's. */
export type Log = (level: Level, message: string) => void;

export function createLog(name: string): Log {
  return (level, message) => {
    const line = { timestamp: new Date().toISOString(), level, extension: name, message };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
