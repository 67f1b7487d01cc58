import { parseArgs } from 'node:util';
import { type Level, levels, type Source, sources } from '@stackyard/log-records';

export const usage = `Usage: pnpm logs [options]

Shows the records of the stage's log stream, oldest first. STACKYARD_STAGE chooses the stage.

  -f, --follow       go on with what arrives, until Ctrl-C
  --since TIME       from this long ago (30s, 10m, 2h, 1d) or from this time (ISO 8601); default 10m
  --function NAME    of functions and services that have NAME in their name
  --level LEVEL      of this level and above: ${levels.join(', ')}
  --source SOURCE    of one source: ${sources.join(', ')}
  --request ID       of one invocation
  --trace ID         of one trace
  --json             as JSON, one record per line
`;

/** Which records are shown. */
export interface Choice {
  readonly function?: string;
  readonly level?: Level;
  readonly source?: Source;
  readonly requestId?: string;
  readonly traceId?: string;
}

export interface Options {
  readonly follow: boolean;
  readonly since: Date;
  readonly json: boolean;
  readonly help: boolean;
  readonly choice: Choice;
}

/** What the command line asks for. Throws an error that names every option it cannot take. */
export function readOptions(args: readonly string[], now: Date): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      follow: { type: 'boolean', short: 'f', default: false },
      since: { type: 'string', default: '10m' },
      function: { type: 'string' },
      level: { type: 'string' },
      source: { type: 'string' },
      request: { type: 'string' },
      trace: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const level = levels.find((each) => each === values.level?.toUpperCase());
  const source = sources.find((each) => each === values.source?.toLowerCase());
  const since = readSince(values.since, now);
  const problems = [
    ...(since ? [] : [`--since is ${values.since}; use 30s, 10m, 2h, 1d or a time in ISO 8601 that is not to come`]),
    ...(values.level === undefined || level ? [] : [`--level is ${values.level}; use ${levels.join(', ')}`]),
    ...(values.source === undefined || source ? [] : [`--source is ${values.source}; use ${sources.join(', ')}`]),
  ];
  if (!since || problems.length > 0) throw new Error(problems.join('\n'));
  return {
    follow: values.follow,
    since,
    json: values.json,
    help: values.help,
    choice: {
      ...(values.function === undefined ? {} : { function: values.function }),
      ...(level ? { level } : {}),
      ...(source ? { source } : {}),
      ...(values.request === undefined ? {} : { requestId: values.request }),
      ...(values.trace === undefined ? {} : { traceId: values.trace }),
    },
  };
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function readSince(text: string, now: Date): Date | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const since = count ? new Date(now.getTime() - Number(count) * (seconds[unit] ?? 0) * 1000) : new Date(text);
  return since.getTime() <= now.getTime() ? since : undefined;
}
