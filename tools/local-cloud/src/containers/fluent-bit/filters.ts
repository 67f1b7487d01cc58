import { ConfigurationError, type Section } from './configuration.ts';
import { type Filter, type LogRecord, recordAccessor, tagMatcher, textOf } from './event.ts';
import { luaFilter } from './lua-filter.ts';
import { modifyFilter, recordModifierFilter } from './modify-filters.ts';
import type { Parser } from './parsers.ts';
import { keyAndValue, type Properties, pattern, readProperties } from './properties.ts';

export interface FilterSurroundings {
  readonly parsers: ReadonlyMap<string, Parser>;
  /** Reads a file of the container, by absolute path or beside the main configuration. */
  readFile(path: string): string | undefined;
}

const common = ['name', 'match', 'alias', 'log_level'];

type MakeFilter = (section: Section, surroundings: FilterSurroundings) => Filter | Promise<Filter>;

const kinds: Readonly<Record<string, MakeFilter>> = {
  grep: (section) => grep(readProperties(section, [...common, 'regex', 'exclude', 'logical_op'])),
  parser: (section, { parsers }) =>
    parser(readProperties(section, [...common, 'key_name', 'parser', 'reserve_data', 'preserve_key']), parsers),
  modify: (section) =>
    modifyFilter(readProperties(section, [...common, 'set', 'add', 'remove', 'rename', 'hard_rename', 'copy'])),
  record_modifier: (section) =>
    recordModifierFilter(readProperties(section, [...common, 'record', 'remove_key', 'allowlist_key'])),
  lua: (section, { readFile }) =>
    luaFilter(readProperties(section, [...common, 'script', 'call', 'time_as_table', 'type_int_key']), readFile),
};

/** A filter that lets pass what its `Match` does not match. Throws ConfigurationError for a kind that is not here. */
export async function makeFilter(section: Section, surroundings: FilterSurroundings): Promise<Filter> {
  const name = section.entries.find(({ key }) => key.toLowerCase() === 'name')?.value.toLowerCase() ?? '';
  const make = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!make) {
    throw new ConfigurationError(
      section,
      `[FILTER] ${name} is not known in the embedded cloud; there are ${Object.keys(kinds).join(', ')}`,
    );
  }
  const apply = await make(section, surroundings);
  const rule = section.entries.find(({ key }) => key.toLowerCase() === 'match')?.value;
  if (rule === undefined) throw new ConfigurationError(section, `[FILTER] ${name}: the key 'match' is missing`);
  const matches = tagMatcher(rule);
  return (event) => (matches(event.tag) ? apply(event) : event);
}

/** "Grep", Fluent Bit manual: in the legacy mode rules are checked in their order, and one that fails drops the record. */
function grep(properties: Properties): Filter {
  const operator = (properties.text('logical_op') ?? 'legacy').toLowerCase();
  const rules = properties.all('regex', 'exclude').map((entry) => {
    const [key, expression] = keyAndValue(entry);
    const get = recordAccessor(key);
    const tester = pattern(expression, entry);
    const test = (record: LogRecord) => {
      const text = textOf(get(record));
      return text !== undefined && tester.test(text);
    };
    return { test, exclude: entry.key.toLowerCase() === 'exclude' };
  });
  if (operator === 'legacy') {
    return (event) => (rules.every(({ test, exclude }) => test(event.record) !== exclude) ? event : undefined);
  }
  if (operator !== 'and' && operator !== 'or') {
    throw properties.error('logical_op', `Logical_Op is '${operator}'; use legacy, AND or OR`);
  }
  if (new Set(rules.map(({ exclude }) => exclude)).size > 1) {
    throw properties.error('logical_op', 'Regex and Exclude cannot be used together with AND and OR');
  }
  return (event) => {
    const found =
      operator === 'and' ? rules.every(({ test }) => test(event.record)) : rules.some(({ test }) => test(event.record));
    return found !== (rules[0]?.exclude ?? false) ? event : undefined;
  };
}

/** "Parser", Fluent Bit manual: the first parser that can read the key's text. */
function parser(properties: Properties, parsers: ReadonlyMap<string, Parser>): Filter {
  const key = properties.required('key_name');
  const get = recordAccessor(key);
  const reserve = properties.flag('reserve_data', false);
  const preserve = properties.flag('preserve_key', false);
  const chosen = properties.all('parser').map((entry) => {
    const found = parsers.get(entry.value);
    if (!found) throw new ConfigurationError(entry, `the parser '${entry.value}' is not in the Parsers_File`);
    return found;
  });
  if (chosen.length === 0) throw properties.error('parser', "the key 'parser' is missing");
  return (event) => {
    const text = get(event.record);
    if (typeof text !== 'string') return event;
    for (const parse of chosen) {
      const parsed = parse(text);
      if (!parsed) continue;
      const { [key]: own, ...others } = event.record;
      const kept = { ...(reserve ? others : {}), ...(preserve ? { [key]: own } : {}) };
      return { ...event, time: parsed.time ?? event.time, record: { ...kept, ...parsed.fields } };
    }
    return event;
  };
}
