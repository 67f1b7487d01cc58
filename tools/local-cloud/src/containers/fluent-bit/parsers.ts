import { ConfigurationError, type Section } from './configuration.ts';
import type { EventTime, LogRecord } from './event.ts';
import { type Properties, pattern, readProperties } from './properties.ts';

/** A parser of Parsers_File: the fields of a text and, if it says so, its time; undefined when it is not of the kind. */
export type Parser = (text: string) => { readonly fields: LogRecord; readonly time?: EventTime } | undefined;

const known = ['name', 'format', 'regex', 'time_key', 'time_format', 'time_keep', 'types'];

/** "Configuring parsers", Fluent Bit manual: the formats json and regex. Throws ConfigurationError. */
export function readParsers(sections: readonly Section[]): Map<string, Parser> {
  const parsers = new Map<string, Parser>();
  for (const section of sections) {
    if (section.kind !== 'PARSER') throw new ConfigurationError(section, `[${section.kind}] is no [PARSER]`);
    const properties = readProperties(section, known);
    parsers.set(properties.required('name'), readParser(properties));
  }
  return parsers;
}

function readParser(properties: Properties): Parser {
  const format = properties.required('format').toLowerCase();
  const takeTime = timeTaker(properties);
  if (format === 'json') return (text) => takeTime(jsonFields(text));
  if (format !== 'regex') throw properties.error('format', `the format ${format} is not known here; use json or regex`);
  const expression = pattern(properties.required('regex'), properties.section);
  const convert = typeConverter(properties);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    return takeTime(groups && convert(groups));
  };
}

function jsonFields(text: string): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LogRecord) : undefined;
  } catch {
    return undefined;
  }
}

function typeConverter(properties: Properties): (groups: Record<string, string>) => LogRecord {
  const types = (properties.text('types') ?? '').split(/\s+/).filter(Boolean);
  const kinds = new Map(types.map((type) => type.split(':') as [string, string]));
  const unknown = [...kinds.values()].find((kind) => !['string', 'integer', 'float', 'bool'].includes(kind));
  if (unknown) throw properties.error('types', `the type ${unknown} is not known here`);
  return (groups) =>
    Object.fromEntries(
      Object.entries(groups)
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([key, value]) => {
          const kind = kinds.get(key) ?? 'string';
          if (kind === 'string') return [key, value];
          return [key, kind === 'bool' ? value.toLowerCase() === 'true' : Number(value)];
        }),
    );
}

/** Only times as JavaScript and most loggers write them: ISO 8601 in UTC. */
const isoFormats = ['%Y-%m-%dT%H:%M:%S.%LZ', '%Y-%m-%dT%H:%M:%S.%L%z', '%Y-%m-%dT%H:%M:%SZ'];

function timeTaker(properties: Properties) {
  const key = properties.text('time_key');
  const format = properties.text('time_format');
  if (format !== undefined && !isoFormats.includes(format)) {
    throw properties.error(
      'time_format',
      `the time format ${format} is not known here; use ${isoFormats.join(' or ')}`,
    );
  }
  const keep = properties.flag('time_keep', false);
  return (fields: LogRecord | undefined): ReturnType<Parser> => {
    const text = key === undefined || format === undefined ? undefined : fields?.[key];
    const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN;
    if (!fields || Number.isNaN(ms)) return fields && { fields };
    const { [key ?? '']: _, ...others } = fields;
    const time = { seconds: Math.floor(ms / 1000), nanoseconds: (((ms % 1000) + 1000) % 1000) * 1e6 };
    return { fields: keep ? fields : others, time };
  };
}
