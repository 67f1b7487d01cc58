import { isObject } from '@stackyard/log-records/json';
import type { Content } from '@stackyard/log-records/read-event';

/** Takes what must not leave the environment out of a record. */
export type Redact = (content: Content) => Content;

export const redacted = '[REDACTED]';

/**
 * Redacts the values of the given keys, in any case: of objects at any depth, and in text, where they stand as `key=value`,
 * `key: value` or within JSON.
 */
export function createRedaction(keys: readonly string[]): Redact {
  if (keys.length === 0) return (content) => content;
  const secret = new Set(keys.map((key) => key.toLowerCase()));
  const patterns = textPatterns(keys);

  function redactText(text: string): string {
    return patterns.reduce((result, { pattern, replacement }) => result.replace(pattern, replacement), text);
  }

  function redactValue(value: unknown): unknown {
    if (typeof value === 'string') return redactText(value);
    if (Array.isArray(value)) return value.map(redactValue);
    return isObject(value) ? redactObject(value) : value;
  }

  function redactObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const entries = Object.entries(object);
    return Object.fromEntries(
      entries.map(([key, value]) => [key, secret.has(key.toLowerCase()) ? redacted : redactValue(value)]),
    );
  }

  return (content) => ({
    ...content,
    message: redactValue(content.message),
    ...(content.attributes ? { attributes: redactObject(content.attributes) } : {}),
  });
}

/**
 * How a key and its value stand in text. A value whose closing quote is missing, in a line that was cut, goes as far as the text.
 * What was quoted stays quoted, so that JSON stays JSON.
 */
function textPatterns(keys: readonly string[]): { pattern: RegExp; replacement: string }[] {
  const key = `(?<![\\w-])(?:${keys.map((each) => each.replaceAll('.', '\\.')).join('|')})`;
  const colon = '\\s*[=:]\\s*';
  return [
    {
      pattern: new RegExp(`(${key}["']?${colon}(["']))(?:(?!\\2)[^\\\\]|\\\\[^])*(\\2|\\\\?$)`, 'gi'),
      replacement: `$1${redacted}$3`,
    },
    // JSON within a string of JSON: its quotes have backslashes.
    {
      pattern: new RegExp(`(${key}\\\\+"${colon}\\\\+")[^]*?(\\\\+"|$)`, 'gi'),
      replacement: `$1${redacted}$2`,
    },
    // Without quotes. A header says the kind of its credentials before them.
    {
      pattern: new RegExp(`(${key}(\\\\*["']?)${colon}(?:(?:Bearer|Basic)\\s+)?)[^\\s"',;&{}[\\]\\\\]+`, 'gi'),
      replacement: `$1$2${redacted}$2`,
    },
  ];
}
