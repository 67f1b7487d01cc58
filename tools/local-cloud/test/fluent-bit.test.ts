import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfiguration } from '../src/containers/fluent-bit/configuration.ts';
import { type Filter, type LogRecord, tagMatcher } from '../src/containers/fluent-bit/event.ts';
import { makeFilter } from '../src/containers/fluent-bit/filters.ts';
import { readParsers } from '../src/containers/fluent-bit/parsers.ts';

const program = fileURLToPath(new URL('../src/containers/fluent-bit/main.ts', import.meta.url));
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fluent-bit-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
};
const sectionsOf = (text: string) => {
  write({ 'read.conf': text });
  return readConfiguration('/read.conf', { root, variables: { FROM_ENVIRONMENT: 'yes' } });
};

test('a configuration is sections of keys and values, over several files', () => {
  write({ 'more.conf': '[OUTPUT]\n  Name null\n  Match *\n' });
  const sections = sectionsOf(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fluent Bit's variables look like that.
    '# comment\n@SET a=set\n[SERVICE]\n    Flush 2\n    One ${a} ${FROM_ENVIRONMENT} ${GONE}!\n\n@INCLUDE more.conf\n',
  );
  expect(sections).toMatchObject([
    {
      kind: 'SERVICE',
      entries: [
        { key: 'Flush', value: '2', line: 4 },
        { key: 'One', value: 'set yes !' },
      ],
    },
    {
      kind: 'OUTPUT',
      file: '/more.conf',
      entries: [
        { key: 'Name', value: 'null' },
        { key: 'Match', value: '*' },
      ],
    },
  ]);
});

describe('refuses to start, and says where', () => {
  test.each([
    ['a section', '[UPSTREAM]\n  Name x\n', /f\.conf:1: \[UPSTREAM\] is not known/],
    ['a filter', '[FILTER]\n  Name geoip2\n  Match *\n', /f\.conf:1: \[FILTER\] geoip2 is not known/],
    ['a key', '[FILTER]\n  Name grep\n  Match *\n  Regexp log x\n', /f\.conf:4: \[FILTER\] grep has no key 'Regexp'/],
    ['a service key', '[SERVICE]\n  Storage.path /x\n', /f\.conf:2: \[SERVICE\] has no key 'Storage\.path'/],
    ['an input', '[INPUT]\n  Name tail\n', /the input tail is not known/],
    ['an output', '[OUTPUT]\n  Name s3\n  Match *\n', /\[OUTPUT\] s3 is not known/],
    ['a parser', '[FILTER]\n  Name parser\n  Match *\n  Key_Name log\n  Parser gone\n', /f\.conf:5: the parser 'gone'/],
    ['a file', '@INCLUDE gone.conf\n', /f\.conf:1: the file \/gone\.conf is not there/],
    ['a pattern', '[FILTER]\n  Name grep\n  Match *\n  Regex log (\n', /f\.conf:4: the pattern \( cannot be read/],
    ['no match', '[FILTER]\n  Name grep\n', /f\.conf:1: \[FILTER\] grep: the key 'match' is missing/],
    ['a word for a number', '[SERVICE]\n  Flush soon\n', /f\.conf:2: \[SERVICE\]: flush is 'soon', which is no number/],
  ])('%s it does not know', (_, text, problem) => {
    write({ 'f.conf': text });
    const { status, stderr } = spawnSync(process.execPath, [program, '--root', root, '-c', '/f.conf'], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(stderr).toMatch(problem);
    expect(status).toBe(1);
  });
});

describe('a filter', () => {
  const parsers = () =>
    readParsers(
      sectionsOf(
        '[PARSER]\n Name json\n Format json\n Time_Key time\n Time_Format %Y-%m-%dT%H:%M:%S.%LZ\n' +
          '[PARSER]\n Name words\n Format regex\n Regex ^(?<first>\\w+) (?<n>\\d+)$\n Types n:integer\n',
      ),
    );

  async function filter(text: string, files: Record<string, string> = {}): Promise<Filter> {
    const known = parsers();
    const [section] = sectionsOf(`[FILTER]\n Match app*\n${text}`);
    if (!section) throw new Error('no section');
    return makeFilter(section, { parsers: known, readFile: (path) => files[path] });
  }
  const event = (record: LogRecord, tag = 'app') => ({ tag, time: { seconds: 1, nanoseconds: 0 }, record });

  test.each<[string, string, LogRecord, LogRecord | undefined]>([
    ['grep keeps what matches', ' Name grep\n Regex log ^a', { log: 'ab' }, { log: 'ab' }],
    ['grep drops what does not', ' Name grep\n Regex log ^a', { log: 'b' }, undefined],
    ['grep drops what lacks the key', ' Name grep\n Regex log ^a', {}, undefined],
    ['grep excludes', ' Name grep\n Exclude path ^/health$', { path: '/health' }, undefined],
    ['grep excludes only that', ' Name grep\n Exclude path ^/health$', { path: '/healthy' }, { path: '/healthy' }],
    ['grep looks into nested records', " Name grep\n Regex $a['b'] x", { a: { b: 'x' } }, { a: { b: 'x' } }],
    ['grep takes one of several', ' Name grep\n Logical_Op OR\n Regex a 1\n Regex b 1', { b: '1' }, { b: '1' }],
    [
      'parser replaces the record',
      ' Name parser\n Key_Name log\n Parser words',
      { log: 'a 1', k: 1 },
      { first: 'a', n: 1 },
    ],
    [
      'parser reserves the rest',
      ' Name parser\n Key_Name log\n Parser words\n Reserve_Data On\n Preserve_Key On',
      { log: 'a 1', k: 1 },
      { log: 'a 1', k: 1, first: 'a', n: 1 },
    ],
    ['parser leaves what it cannot read', ' Name parser\n Key_Name log\n Parser words', { log: '!' }, { log: '!' }],
    ['modify', ' Name modify\n Rename a b\n Add b 2\n Set c 3\n Remove d', { a: '1', d: 4 }, { b: '1', c: '3' }],
    ['record_modifier', ' Name record_modifier\n Record e dev\n Remove_key a', { a: 1, b: 2 }, { b: 2, e: 'dev' }],
  ])('%s', async (_, text, record, expected) => {
    expect((await filter(text))(event(record))?.record).toEqual(expected);
  });

  test('lets pass what its Match does not match', async () => {
    const other = event({ log: 'b' }, 'other');
    expect((await filter(' Name grep\n Regex log ^a'))(other)).toBe(other);
  });

  test('parser takes the time of the record from it', async () => {
    const parse = await filter(' Name parser\n Key_Name log\n Parser json');
    expect(parse(event({ log: '{"time":"2026-11-21T10:53:28.451Z","a":1}' }))).toMatchObject({
      time: { seconds: 1_795_258_408, nanoseconds: 451_000_000 },
      record: { a: 1 },
    });
  });

  test('lua drops, keeps and changes', async () => {
    const source = `function f(tag, time, record)
      if record.drop then return -1, 0, 0 end
      if record.keep then return 0, 0, 0 end
      return 1, { sec = time.sec + 1, nsec = time.nsec }, { tag = tag, nested = { record.log } }
    end`;
    const lua = await filter(' Name lua\n Script f.lua\n Call f\n Time_As_Table On', { 'f.lua': source });
    expect(lua(event({ drop: true }))).toBeUndefined();
    expect(lua(event({ keep: true, none: null }))?.record).toEqual({ keep: true, none: null });
    expect(lua(event({ log: 'a' }))).toEqual({
      tag: 'app',
      time: { seconds: 2, nanoseconds: 0 },
      record: { tag: 'app', nested: ['a'] },
    });
  });
});

test.each([
  ['*', 'anything', true],
  ['app-firelens*', 'app-firelens-0123', true],
  ['app-firelens*', 'web-app-firelens-0123', false],
  ['a.*.c', 'a.b.c', true],
  ['a.*.c', 'a-b-c', false],
])('Match %s of the tag %s: %s', (rule, tag, expected) => {
  expect(tagMatcher(rule)(tag)).toBe(expected);
});
