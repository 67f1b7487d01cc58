/** OpenTelemetry's short severity names, which are Lambda's log levels too, from the least to the most severe. */
export const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof levels)[number];

const synonyms: Readonly<Record<string, Level>> = { WARNING: 'WARN', ERR: 'ERROR', CRITICAL: 'FATAL' };

/** A logger's level: a name in any case, or pino's numbers (10 is TRACE, 60 is FATAL). Undefined when it is neither. */
export function readLevel(value: unknown): Level | undefined {
  if (typeof value === 'number') return levels[value / 10 - 1];
  if (typeof value !== 'string') return undefined;
  const name = value.toUpperCase();
  return levels.find((level) => level === name) ?? (Object.hasOwn(synonyms, name) ? synonyms[name] : undefined);
}

export function isAtLeast(level: Level, floor: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(floor);
}
