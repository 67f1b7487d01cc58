import type { RequestContext } from './request-context.ts';

/** A pattern of a policy, taken apart: characters, and the two wildcards. */
export type Symbols = readonly (string | typeof any | typeof one)[];
export const any = Symbol('*');
export const one = Symbol('?');

/**
 * Whether `text` matches a pattern with `*` (any run of characters) and `?` (exactly one), and, when `context` is given,
 * policy variables. A variable without a value matches nothing ("IAM policy elements: Variables and tags").
 */
export function matches(pattern: string, text: string, context?: RequestContext): boolean {
  const symbols = context ? withVariables(pattern, context, wildcards) : wildcards(pattern);
  return symbols !== undefined && matchSymbols(symbols, text);
}

/** A value with its policy variables replaced and no wildcards; `undefined` when one has no value. */
export function substituted(value: string, context: RequestContext): string | undefined {
  return withVariables(value, context, (text) => [...text])?.join('');
}

/** `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`, `${?}`, `${$}`. */
const variable = /\$\{(\*|\?|\$|[^}]+)\}/g;

function withVariables(
  pattern: string,
  context: RequestContext,
  symbolsOf: (text: string) => Symbols,
): Symbols | undefined {
  if (!pattern.includes('${')) return symbolsOf(pattern);
  const symbols: Symbols[number][] = [];
  let at = 0;
  for (const match of pattern.matchAll(variable)) {
    symbols.push(...symbolsOf(pattern.slice(at, match.index)));
    const value = variableValue(match[1] as string, context);
    if (value === undefined) return undefined;
    // What a variable stands for is literal: a user called `*` gains nothing.
    symbols.push(...value);
    at = match.index + match[0].length;
  }
  symbols.push(...symbolsOf(pattern.slice(at)));
  return symbols;
}

function variableValue(name: string, context: RequestContext): string | undefined {
  if (name === '*' || name === '?' || name === '$') return name;
  const [key = '', fallback] = name.split(/,(.*)/s).map((part) => part.trim());
  const values = context.get(key.toLowerCase());
  // Only keys with a single value can stand in a pattern.
  if (values?.length === 1) return values[0];
  return fallback === undefined ? undefined : fallback.replace(/^'(.*)'$/s, '$1');
}

export function wildcards(text: string): Symbols {
  return [...text].map((char) => (char === '*' ? any : char === '?' ? one : char));
}

/** Greedy with one point of return, so that no pattern takes more than pattern × text steps. */
export function matchSymbols(symbols: Symbols, text: string): boolean {
  const chars = [...text];
  let [at, symbol, star, starAt] = [0, 0, -1, 0];
  while (at < chars.length) {
    if (symbols[symbol] === any) {
      star = symbol++;
      starAt = at;
    } else if (symbol < symbols.length && (symbols[symbol] === one || symbols[symbol] === chars[at])) {
      symbol += 1;
      at += 1;
    } else if (star >= 0) {
      symbol = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (symbols[symbol] === any) symbol += 1;
  return symbol === symbols.length;
}
