import { describe, expect, it } from 'vitest';
import { makeEnvironment } from './fixtures/environment/make-environment.ts';

const unicode = 'Grüße, 世界 🚀 ';
const expectedLine = (index: number, length: number) =>
  `${String(index).padStart(6, '0')} ${unicode.repeat(Math.ceil(length / 12))}`;
const isPlatform = (line: string) => /^(INIT_START|START|END|REPORT|EXTENSION|TELEMETRY) /.test(line);

describe('what a process prints', () => {
  it.each([
    ['console', 1_000, 60],
    ['stdout', 1_000, 60],
    ['console', 20, 200_000],
    ['stdout', 20, 200_000],
  ])('by %s, %d lines of %d characters, arrives whole, once and in order', async (by, lines, length) => {
    const { invoke, logs } = makeEnvironment('verbose.handler', { timeoutMs: 30_000 });
    await invoke({ by, lines, length });
    const printed = logs.filter((line) => !isPlatform(line)).map((line) => line.split('\t').at(-1));
    expect(printed).toHaveLength(lines);
    for (const [index, line] of printed.entries()) expect(line === `${expectedLine(index, length)}\n`).toBe(true);
  });

  it('stands between START and END of its invocation', async () => {
    const { invoke, logs } = makeEnvironment('verbose.handler');
    await invoke({ by: 'console', lines: 300, length: 1_000 });
    await invoke({ by: 'stdout', lines: 300, length: 1_000 });
    const marks = logs.flatMap((line, index) => (/^(START|END)/.test(line) ? [index] : []));
    expect(marks.map((mark, index) => mark - (marks[index - 1] ?? mark))).toEqual([0, 301, 2, 301]);
  });
});

describe('the text log format', () => {
  it('has the lines of the platform, and records of the function with its line breaks', async () => {
    const { invoke, logs } = makeEnvironment('act.handler');
    await invoke({ print: ['one\ntwo'] });
    expect(logs).toEqual([
      expect.stringMatching(/^INIT_START Runtime Version: nodejs:24\.v\d+\n$/),
      'START RequestId: request-1 Version: $LATEST\n',
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z\trequest-1\tINFO\tone\ntwo\n$/),
      'END RequestId: request-1\n',
      expect.stringMatching(
        /^REPORT RequestId: request-1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n$/,
      ),
    ]);
    await invoke();
    expect(logs.at(-1)).toMatch(/\tMax Memory Used: \d+ MB\n$/);
  });

  it('names extensions and their subscriptions', async () => {
    const { invoke, logs } = makeEnvironment('act.handler', {
      extensions: { 'observer.mjs': 'observer.mjs' },
      variables: { OBSERVER: JSON.stringify({ say: 'hello', telemetry: { types: ['platform', 'function'] } }) },
    });
    await invoke();
    expect(logs).toContain('EXTENSION\tName: observer.mjs\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n');
    expect(logs).toContain('TELEMETRY\tName: observer.mjs\tState: Subscribed\tTypes: [Platform, Function]\n');
    expect(logs).toContain('hello\n');
  });

  it('counts the memory of the runtime', async () => {
    const { invoke, logs } = makeEnvironment('act.handler');
    await invoke();
    const used = Number(/Max Memory Used: (\d+) MB/.exec(logs.at(-1) ?? '')?.[1]);
    expect(used).toBeGreaterThan(20);
    expect(used).toBeLessThan(200);
  });

  it('bills the initialisation with the first invocation', async () => {
    const { invoke, logs } = makeEnvironment('act.handler');
    await invoke();
    const [, duration, billed, init] =
      /\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms.*Init Duration: ([\d.]+) ms/.exec(logs.at(-1) ?? '') ?? [];
    expect(Number(billed)).toBe(Math.ceil(Number(duration) + Number(init)));
  });
});

describe('the JSON log format', () => {
  const json = { logFormat: 'JSON' } as const;

  it('has events of the platform at their levels and records of the function as objects', async () => {
    const { invoke, logs } = makeEnvironment('act.handler', json);
    await invoke({ print: ['one\ntwo'] });
    const [initStart, start, record, report] = logs.map((line) => JSON.parse(line));
    expect(logs).toHaveLength(4);
    expect(initStart).toMatchObject({ type: 'platform.initStart', record: { functionName: 'orders', phase: 'init' } });
    expect(start).toMatchObject({ type: 'platform.start', record: { requestId: 'request-1', version: '$LATEST' } });
    expect(record).toMatchObject({ level: 'INFO', requestId: 'request-1', message: 'one\ntwo' });
    expect(report).toMatchObject({
      type: 'platform.report',
      record: { requestId: 'request-1', status: 'success', metrics: { memorySizeMB: 128 } },
    });
  });

  it('wraps lines that are no JSON and keeps those that are', async () => {
    const { invoke, logs } = makeEnvironment('act.handler', json);
    await invoke({ write: 'plain\n{"level":"WARN","message":"structured"}\n{not json}\n' });
    const records = logs.map((line) => JSON.parse(line)).filter(({ type }) => type === undefined);
    expect(records).toEqual([
      { timestamp: expect.any(String), level: 'INFO', requestId: 'request-1', message: 'plain' },
      { level: 'WARN', message: 'structured' },
      { timestamp: expect.any(String), level: 'INFO', requestId: 'request-1', message: '{not json}' },
    ]);
  });

  it.each([
    ['TRACE', ['trace', 'debug', 'info', 'warn', 'error']],
    [undefined, ['info', 'warn', 'error']],
    ['ERROR', ['error']],
  ])('with application log level %s lets through %j', async (applicationLogLevel, expected) => {
    const { invoke, logs } = makeEnvironment('act.handler', { ...json, applicationLogLevel });
    const lines = ['DEBUG', 'INFO', 'ERROR'].map((level) => `{"level":"${level}","printed":true}\n`).join('');
    await invoke({ log: ['trace', 'debug', 'info', 'warn', 'error'], write: lines });
    const records = logs.map((line) => JSON.parse(line));
    expect(records.flatMap(({ message }) => message ?? [])).toEqual(expected.map((level) => `${level} line`));
    const printed = records.filter((record) => record.printed).map(({ level }) => level.toLowerCase());
    expect(printed).toEqual(expected.filter((level) => ['debug', 'info', 'error'].includes(level)));
  });

  it.each([
    ['DEBUG', ['initStart', 'initRuntimeDone', 'initReport', 'start', 'runtimeDone', 'report']],
    [undefined, ['initStart', 'start', 'report']],
    ['WARN', []],
  ])('with system log level %s lets through %j', async (systemLogLevel, expected) => {
    const { invoke, logs } = makeEnvironment('act.handler', { ...json, systemLogLevel });
    await invoke();
    expect(logs.map((line) => JSON.parse(line).type)).toEqual(expected.map((name) => `platform.${name}`));
  });

  it('says at level WARN what went wrong', async () => {
    const { invoke, logs } = makeEnvironment('act.handler', { ...json, systemLogLevel: 'WARN' });
    await invoke({ exit: 7 });
    expect(logs.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'platform.runtimeDone', record: { status: 'error', errorType: 'Runtime.ExitError' } },
      { type: 'platform.report', record: { status: 'error', errorType: 'Runtime.ExitError' } },
    ]);
  });
});
