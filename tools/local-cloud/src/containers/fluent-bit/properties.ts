import { ConfigurationError, type Entry, type Section } from './configuration.ts';

/** The keys of one section, read by name in any case. */
export interface Properties {
  readonly section: Section;
  text(key: string): string | undefined;
  /** Throws ConfigurationError when it is not there. */
  required(key: string): string;
  /** Seconds, counts, ports. Throws ConfigurationError for anything that is no number. */
  number(key: string, otherwise: number): number;
  /** `On`/`Off`, `True`/`False`. */
  flag(key: string, otherwise: boolean): boolean;
  /** Every entry of a key that may stand several times, in the order of the file. */
  all(...keys: readonly string[]): readonly Entry[];
  error(key: string, problem: string): ConfigurationError;
}

/** Throws ConfigurationError for a key that is not among the known ones, which are written in lower case. */
export function readProperties(section: Section, known: readonly string[]): Properties {
  const name = section.entries.find(({ key }) => key.toLowerCase() === 'name')?.value.toLowerCase();
  const title = `[${section.kind}]${name ? ` ${name}` : ''}`;
  for (const entry of section.entries) {
    if (known.includes(entry.key.toLowerCase())) continue;
    throw new ConfigurationError(
      entry,
      `${title} has no key '${entry.key}' in the embedded cloud; it knows ${known.join(', ')}`,
    );
  }
  const entryOf = (key: string) => section.entries.findLast((entry) => entry.key.toLowerCase() === key);
  const text = (key: string) => entryOf(key)?.value;
  const error = (key: string, problem: string) =>
    new ConfigurationError(entryOf(key) ?? section, `${title}: ${problem}`);
  return {
    section,
    text,
    error,
    required(key) {
      const value = text(key);
      if (!value) throw error(key, `the key '${key}' is missing`);
      return value;
    },
    number(key, otherwise) {
      const value = text(key);
      if (value === undefined) return otherwise;
      if (!/^\d+(\.\d+)?$/.test(value)) throw error(key, `${key} is '${value}', which is no number`);
      return Number(value);
    },
    flag(key, otherwise) {
      const value = text(key)?.toLowerCase();
      if (value === undefined) return otherwise;
      if (['on', 'true', 'yes'].includes(value)) return true;
      if (['off', 'false', 'no'].includes(value)) return false;
      throw error(key, `${key} is '${value}'; use On or Off`);
    },
    all: (...keys) => section.entries.filter(({ key }) => keys.includes(key.toLowerCase())),
  };
}

/** `Key the rest`, as in `Regex log ^GET`. Throws ConfigurationError when there is no rest. */
export function keyAndValue(entry: Entry): [key: string, value: string] {
  const [, key, value] = /^(\S+)\s+(.+)$/.exec(entry.value) ?? [];
  if (key === undefined || value === undefined) {
    throw new ConfigurationError(entry, `${entry.key} takes a key and a value, not '${entry.value}'`);
  }
  return [key, value];
}

/** A pattern of the configuration, whose Ruby syntax is mostly JavaScript's too. Throws ConfigurationError. */
export function pattern(text: string, entry: Pick<Entry, 'file' | 'line'>): RegExp {
  try {
    return new RegExp(text.replace(/^\/(.*)\/$/s, '$1'), 'u');
  } catch (error) {
    throw new ConfigurationError(entry, `the pattern ${text} cannot be read: ${(error as Error).message}`);
  }
}
