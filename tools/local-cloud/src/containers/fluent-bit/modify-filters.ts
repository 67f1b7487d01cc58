import type { Filter, LogRecord } from './event.ts';
import { keyAndValue, type Properties } from './properties.ts';

type Change = (record: LogRecord) => LogRecord;

const without = (record: LogRecord, key: string): LogRecord => {
  const { [key]: _, ...others } = record;
  return others;
};

const has = (record: LogRecord, key: string) => Object.hasOwn(record, key);

/** "Modify", Fluent Bit manual, without conditions; rules work in the order of the file. */
export function modifyFilter(properties: Properties): Filter {
  const changes = properties.all('set', 'add', 'remove', 'rename', 'hard_rename', 'copy').map((entry): Change => {
    const rule = entry.key.toLowerCase();
    if (rule === 'remove') return (record) => without(record, entry.value);
    const [key, value] = keyAndValue(entry);
    switch (rule) {
      case 'set':
        return (record) => ({ ...record, [key]: value });
      case 'add':
        return (record) => (has(record, key) ? record : { ...record, [key]: value });
      case 'copy':
        return (record) => (has(record, key) && !has(record, value) ? { ...record, [value]: record[key] } : record);
      default:
        return (record) => {
          if (!has(record, key) || (rule === 'rename' && has(record, value))) return record;
          return { ...without(record, key), [value]: record[key] };
        };
    }
  });
  return (event) => ({ ...event, record: changes.reduce((record, change) => change(record), event.record) });
}

/** "Record modifier", Fluent Bit manual. */
export function recordModifierFilter(properties: Properties): Filter {
  const added = Object.fromEntries(properties.all('record').map(keyAndValue));
  const removed = properties.all('remove_key').map(({ value }) => value);
  const allowed = properties.all('allowlist_key').map(({ value }) => value);
  if (removed.length > 0 && allowed.length > 0) {
    throw properties.error('remove_key', 'Remove_key and Allowlist_key exclude each other');
  }
  const kept = (key: string) => !removed.includes(key) && (allowed.length === 0 || allowed.includes(key));
  return (event) => ({
    ...event,
    record: { ...Object.fromEntries(Object.entries(event.record).filter(([key]) => kept(key))), ...added },
  });
}
