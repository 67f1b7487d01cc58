export type LogRecord = Readonly<Record<string, unknown>>;

export interface EventTime {
  /** Since the epoch. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What flows through the pipeline. */
export interface LogEvent {
  readonly tag: string;
  readonly time: EventTime;
  readonly record: LogRecord;
}

/** One filter: changes an event, or drops it. */
export type Filter = (event: LogEvent) => LogEvent | undefined;

/** Sends events; throws when they have to be sent again. */
export interface Output {
  flush(events: readonly LogEvent[]): Promise<void>;
}

/** Whether a tag matches a `Match` rule, in which `*` stands for any text. */
export function tagMatcher(rule: string): (tag: string) => boolean {
  const parts = rule.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (tag) => expression.test(tag);
}

/**
 * The value that a record accessor names ("Record accessor", Fluent Bit manual): `key`, `$key`, `$key['nested']['deeper']`.
 */
export function recordAccessor(text: string): (record: LogRecord) => unknown {
  if (!text.startsWith('$')) return (record) => record[text];
  const [, first = '', nested = ''] = /^\$([^[]+)(.*)$/.exec(text) ?? [];
  const path = [first, ...[...nested.matchAll(/\['([^']*)'\]/g)].map((match) => match[1] ?? '')];
  return (record) =>
    path.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as LogRecord)[key] : undefined),
      record,
    );
}

/** A value as patterns see it; undefined for what has no text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
