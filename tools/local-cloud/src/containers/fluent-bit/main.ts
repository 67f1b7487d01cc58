#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigurationError, readConfiguration, type Section } from './configuration.ts';
import { type Route, startEngine } from './engine.ts';
import { type LogEvent, tagMatcher } from './event.ts';
import { makeFilter } from './filters.ts';
import { type Input, startForwardInput } from './forward-input.ts';
import { createLog, type Log } from './log.ts';
import { startMonitoring } from './monitoring.ts';
import { makeOutput } from './outputs.ts';
import { type Parser, readParsers } from './parsers.ts';
import { type Properties, readProperties } from './properties.ts';

/**
 * Stands in for Fluent Bit in containers: `--root <folder that stands for /> -c <configuration>`. It carries out what it knows of
 * a configuration and refuses to start with any other.
 */
const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '/' },
    config: { type: 'string', short: 'c', default: '/fluent-bit/etc/fluent-bit.conf' },
  },
});

const serviceKeys = [
  'daemon',
  'flush',
  'grace',
  'http_listen',
  'http_port',
  'http_server',
  'log_level',
  'parsers_file',
  'scheduler.base',
  'scheduler.cap',
];

async function main(): Promise<void> {
  const sections = readConfiguration(values.config, { root: values.root, variables: process.env });
  const unknown = sections.find(({ kind }) => !['SERVICE', 'INPUT', 'FILTER', 'OUTPUT'].includes(kind));
  if (unknown) throw new ConfigurationError(unknown, `[${unknown.kind}] is not known here`);
  const of = (kind: string) => sections.filter((section) => section.kind === kind);
  const service = readProperties(mergedService(of('SERVICE')), serviceKeys);
  const log = createLog(service.text('log_level') ?? process.env['FLB_LOG_LEVEL'] ?? 'info');
  const parsers = parsersOf(service);
  const filters = await Promise.all(of('FILTER').map((section) => makeFilter(section, { parsers, readFile })));
  const routes = of('OUTPUT').map((section) => makeRoute(section, log));
  const engine = startEngine({
    filters,
    routes,
    flushSeconds: service.number('flush', 1),
    graceSeconds: service.number('grace', 5),
    backoff: { base: service.number('scheduler.base', 5), cap: service.number('scheduler.cap', 2000) },
    log,
  });
  const inputs = await Promise.all(of('INPUT').map((section) => startInput(section, engine.take, log)));
  startMonitoring(service);
  log(
    'info',
    `[fluent bit] the embedded cloud's stand-in started with ${inputs.length} inputs, ${filters.length} filters, ${routes.length} outputs`,
  );
  process.once('SIGTERM', () => void stop(inputs, engine, log));
}

async function stop(inputs: readonly Input[], engine: { stop(): Promise<number> }, log: Log): Promise<void> {
  log('info', '[engine] caught signal (SIGTERM)');
  await Promise.all(inputs.map((input) => input.close()));
  const left = await engine.stop();
  if (left > 0) log('error', `[engine] ${left} records could not be delivered before the end`);
  log('info', '[engine] service has stopped');
  process.exit(0);
}

/** Several [SERVICE] sections are one, of which later keys win. */
function mergedService(sections: readonly Section[]): Section {
  return {
    ...(sections[0] ?? { kind: 'SERVICE', file: values.config, line: 0 }),
    entries: sections.flatMap(({ entries }) => entries),
  };
}

/** A path in the container: from its root, or beside the main configuration. */
function pathOf(path: string): string | undefined {
  return [join(values.root, path), join(values.root, dirname(values.config), path)].find((each) => existsSync(each));
}

function readFile(path: string): string | undefined {
  const found = pathOf(path);
  return found === undefined ? undefined : readFileSync(found, 'utf8');
}

function parsersOf(service: Properties): Map<string, Parser> {
  const parsers = new Map<string, Parser>();
  for (const entry of service.all('parsers_file')) {
    const found = pathOf(entry.value);
    if (found === undefined) throw new ConfigurationError(entry, `the file ${entry.value} is not there`);
    const file = found.slice(values.root === '/' ? 0 : values.root.length);
    const sections = readConfiguration(file, { root: values.root, variables: process.env });
    for (const [name, parser] of readParsers(sections)) parsers.set(name, parser);
  }
  return parsers;
}

function startInput(section: Section, onEvent: (event: LogEvent) => void, log: Log): Promise<Input> {
  const keys = ['name', 'alias', 'log_level', 'listen', 'port', 'unix_path', 'mem_buf_limit'];
  const properties = readProperties(section, keys);
  const name = properties.required('name');
  if (name.toLowerCase() !== 'forward')
    throw properties.error('name', `the input ${name} is not known here; there is forward`);
  return startForwardInput(properties, values.root, onEvent, log);
}

function makeRoute(section: Section, log: Log): Route {
  const find = (key: string) => section.entries.find((entry) => entry.key.toLowerCase() === key);
  const name = find('name')?.value ?? '';
  const rule = find('match');
  if (!rule) throw new ConfigurationError(section, `[OUTPUT] ${name}: the key 'match' is missing`);
  const limit = find('retry_limit')?.value.toLowerCase() ?? '1';
  const words: Readonly<Record<string, number>> = {
    no_limits: Number.POSITIVE_INFINITY,
    false: Number.POSITIVE_INFINITY,
    no_retries: 0,
  };
  const retryLimit = words[limit] ?? Number(limit);
  if (Number.isNaN(retryLimit)) {
    throw new ConfigurationError(
      section,
      `[OUTPUT] ${name}: Retry_Limit is '${limit}'; use a number, no_limits or no_retries`,
    );
  }
  return { name, matches: tagMatcher(rule.value), output: makeOutput(section, log), retryLimit };
}

main().catch((error: Error) => {
  process.stderr.write(`[error] [config] ${error instanceof ConfigurationError ? error.message : error.stack}\n`);
  process.exit(1);
});
