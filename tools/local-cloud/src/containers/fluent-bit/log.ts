const levels = ['error', 'warn', 'info', 'debug', 'trace'] as const;
type Level = (typeof levels)[number];

export type Log = (level: Level, message: string) => void;

/** Lines as Fluent Bit writes them on stderr; those less severe than `Log_Level` are left out. */
export function createLog(least: string): Log {
  const floor = levels.indexOf((least.toLowerCase() === 'warning' ? 'warn' : least.toLowerCase()) as Level);
  return (level, message) => {
    if (levels.indexOf(level) > floor) return;
    const [day = '', rest = ''] = new Date().toISOString().split('T');
    process.stderr.write(`[${day.replaceAll('-', '/')} ${rest.slice(0, 8)}] [${level.padStart(5)}] ${message}\n`);
  };
}
