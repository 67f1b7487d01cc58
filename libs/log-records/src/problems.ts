import { isObject, type JsonObject, printJson } from './json.ts';
import { levels } from './levels.ts';
import { type LogRecord, type Part, sources } from './record.ts';
import { isTime } from './time.ts';
import { isTraceId } from './trace-id.ts';

interface Rule {
  allows(value: unknown): boolean;
  /** What the member takes, as its author is told. */
  readonly takes: string;
}

const text: Rule = { allows: (value) => typeof value === 'string', takes: 'text' };
const anything: Rule = { allows: () => true, takes: 'any value' };
const object: Rule = { allows: isObject, takes: 'an object' };
const from = (least: number): Rule => ({
  allows: (value) => Number.isSafeInteger(value) && Number(value) >= least,
  takes: `a whole number from ${least}`,
});
const oneOf = (values: readonly unknown[]): Rule => ({
  allows: (value) => values.includes(value),
  takes: values.join(', '),
});
const objectOf = (members: Readonly<Record<string, Rule>>): Rule => ({
  allows: (value) =>
    isObject(value) &&
    Object.entries(members).every(([name, rule]) => Object.hasOwn(value, name) && rule.allows(value[name])),
  takes: `an object of ${Object.entries(members)
    .map(([name, { takes }]) => `${name} (${takes})`)
    .join(', ')}`,
});

/** What docs/record-format.schema.json says, which a test holds against it. */
const rules: Readonly<Record<keyof LogRecord, Rule>> = {
  v: oneOf([1]),
  time: { allows: isTime, takes: 'ISO 8601 in UTC, such as 2026-11-21T10:53:28.451Z' },
  level: oneOf(levels),
  message: anything,
  source: oneOf(sources),
  requestId: text,
  traceId: { allows: isTraceId, takes: '32 hexadecimal digits in lower case' },
  attributes: object,
  function: text,
  service: text,
  version: text,
  environment: text,
  sequence: from(0),
  part: objectOf({ number: from(1), count: from(1), of: oneOf(['text', 'json'] satisfies Part['of'][]) }),
  logEvent: objectOf({ id: text, logGroup: text, logStream: text, owner: text }),
};
const required: readonly (keyof LogRecord)[] = ['v', 'time', 'level', 'message', 'source'];

/** What keeps an object from being a record, a sentence each; none when it is one. Members it doesn't know are no problem. */
export function problemsOf(object: JsonObject): string[] {
  // Of another version nothing else is known.
  if (object['v'] !== 1) return [`v is ${shown(object['v'])}; the version that can be read is 1`];
  return Object.entries(rules).flatMap(([name, { allows, takes }]) => {
    if (!Object.hasOwn(object, name)) return required.some((each) => each === name) ? [`there is no ${name}`] : [];
    return allows(object[name]) ? [] : [`${name} is ${shown(object[name])}; use ${takes}`];
  });
}

const mostShown = 100;

function shown(value: unknown): string {
  const json = printJson(value);
  return json.length > mostShown ? `${json.slice(0, mostShown)}…` : json;
}
