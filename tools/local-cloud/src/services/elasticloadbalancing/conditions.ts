import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { matches } from '../../iam/pattern.ts';
import { isWithin, readBlock } from '../../ipv4.ts';
import { elbError, validationError } from './errors.ts';

/** What conditions look at of a request. */
export interface Seen {
  readonly method: string;
  /** Host without its port. */
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly source: string;
  /** All values of a header. */
  header(name: string): readonly string[];
}

interface Field {
  readonly values: (condition: RuleCondition) => readonly unknown[] | undefined;
  readonly holds: (condition: RuleCondition, seen: Seen) => boolean;
}

/** Paths and methods are told apart by case, all else is not. */
const fits = (pattern: string, text: string) => matches(pattern.toLowerCase(), text.toLowerCase());

/** "Condition types for listener rules", User Guide for Application Load Balancers. */
const fields: Readonly<Record<string, Field>> = {
  'path-pattern': {
    values: ({ PathPatternConfig, Values }) => PathPatternConfig?.Values ?? Values,
    holds: (condition, { path }) => texts(condition, 'path-pattern').some((text) => matches(text, path)),
  },
  'host-header': {
    values: ({ HostHeaderConfig, Values }) => HostHeaderConfig?.Values ?? Values,
    holds: (condition, { host }) => texts(condition, 'host-header').some((text) => fits(text, host)),
  },
  'http-header': {
    values: ({ HttpHeaderConfig }) => HttpHeaderConfig?.Values,
    holds(condition, { header }) {
      const found = header(condition.HttpHeaderConfig?.HttpHeaderName ?? '');
      return texts(condition, 'http-header').some((text) => found.some((value) => fits(text, value)));
    },
  },
  'http-request-method': {
    values: ({ HttpRequestMethodConfig }) => HttpRequestMethodConfig?.Values,
    holds: (condition, { method }) => texts(condition, 'http-request-method').includes(method),
  },
  'query-string': {
    values: ({ QueryStringConfig }) => QueryStringConfig?.Values,
    holds: ({ QueryStringConfig }, { query }) =>
      (QueryStringConfig?.Values ?? []).some(({ Key, Value = '' }) =>
        [...query].some(([name, value]) => (Key === undefined || fits(Key, name)) && fits(Value, value)),
      ),
  },
  'source-ip': {
    values: ({ SourceIpConfig }) => SourceIpConfig?.Values,
    holds(condition, { source }) {
      const host = readBlock(`${source}/32`);
      return texts(condition, 'source-ip').some((text) => {
        const block = readBlock(text);
        return host !== undefined && block !== undefined && isWithin(host, block);
      });
    },
  },
};

const texts = (condition: RuleCondition, field: string) => (fields[field]?.values(condition) ?? []) as string[];

/** Throws for conditions no rule can have. */
export function checkConditions(conditions: readonly RuleCondition[] = []): readonly RuleCondition[] {
  if (conditions.length === 0) throw validationError('A condition must be specified');
  let count = 0;
  for (const condition of conditions) {
    const { Field: name = '' } = condition;
    const field = fields[name];
    if (!field) throw validationError(`Condition field '${name}' must be one of '[${Object.keys(fields).join(', ')}]'`);
    const values = field.values(condition) ?? [];
    if (values.length === 0) throw validationError('A condition value must be specified');
    const long = values.find((value) => typeof value === 'string' && value.length > 128);
    if (long !== undefined) throw validationError(`Condition value '${long}' cannot be longer than '128' characters`);
    if (name === 'http-header' && !condition.HttpHeaderConfig?.HttpHeaderName) {
      throw validationError('The name of the HTTP header must be specified');
    }
    const noBlock = name === 'source-ip' && texts(condition, name).find((text) => !readBlock(text));
    if (noBlock) throw validationError(`'${noBlock}' is not a valid CIDR block`);
    count += values.length;
  }
  // "Quotas for your Application Load Balancers": condition values per rule.
  if (count > 5) throw elbError('ValidationError', 'Rules cannot have more than 5 condition values');
  return conditions;
}

export function conditionsHold(conditions: readonly RuleCondition[], seen: Seen): boolean {
  return conditions.every((condition) => fields[condition.Field ?? '']?.holds(condition, seen) ?? false);
}
