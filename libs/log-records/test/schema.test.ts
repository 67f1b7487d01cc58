import { expect, test } from 'vitest';
import {
  type Level,
  type LogEventReference,
  type LogRecord,
  levels,
  type Part,
  type Source,
  sources,
} from '../src/index.ts';
import { isRecord, schema } from './schema.ts';

type Required<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];
type Optional<T> = Exclude<keyof T, Required<T>>;

/** Written out, so that the compiler refuses what differs from the type, and the test what differs from the schema. */
const required: Record<Required<LogRecord>, true> = { v: true, time: true, level: true, message: true, source: true };
const optional: Record<Optional<LogRecord>, true> = {
  requestId: true,
  traceId: true,
  attributes: true,
  function: true,
  service: true,
  version: true,
  environment: true,
  sequence: true,
  part: true,
  logEvent: true,
};
const part: Record<keyof Part, true> = { number: true, count: true, of: true };
const ofPart: Record<Part['of'], true> = { text: true, json: true };
const logEvent: Record<keyof LogEventReference, true> = { id: true, logGroup: true, logStream: true, owner: true };

test('the schema and the type have the same members, required the same', () => {
  expect([...schema.required].sort()).toEqual(Object.keys(required).sort());
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys({ ...required, ...optional }).sort());
  for (const [name, members] of Object.entries({ part, logEvent })) {
    expect(Object.keys(schema.properties[name]?.properties ?? {}).sort()).toEqual(Object.keys(members).sort());
    expect([...(schema.properties[name]?.required ?? [])].sort()).toEqual(Object.keys(members).sort());
  }
});

test('the schema and the type have the same levels, sources and kinds of parts', () => {
  const allLevels: readonly Level[] = levels;
  const allSources: readonly Source[] = sources;
  expect(schema.properties['level']?.enum).toEqual(allLevels);
  expect(schema.properties['source']?.enum).toEqual(allSources);
  expect(schema.properties['part']?.properties['of']?.enum).toEqual(Object.keys(ofPart));
});

test('the schema takes members that a later minor version adds', () => {
  const record = { v: 1, time: '2026-11-21T10:53:28Z', level: 'INFO', message: '', source: 'function' };
  expect(isRecord(record)).toBe(true);
  expect(isRecord({ ...record, later: true })).toBe(true);
  expect(isRecord({ ...record, v: 2 })).toBe(false);
});
