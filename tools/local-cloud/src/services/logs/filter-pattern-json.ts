import { type Comparison, compileComparison, invalidPattern, type PatternValue } from './filter-pattern-values.ts';

type Condition = (event: unknown) => boolean;

/** The steps of a selector: names of members and numbers of elements. */
type Path = readonly (string | number)[];

const tokens =
  /\s*(?:(?<selector>\$(?:\.[A-Za-z0-9_-]+|\.?\[\d+\]|\["(?:[^"\\]|\\.)*"\])*)|(?<quoted>"(?:[^"\\]|\\.)*")|(?<regex>%(?:[^%\\]|\\.)+%)|(?<sign>&&|\|\||!=|<=|>=|[=<>()])|(?<word>[^\s"%&|=<>!()]+))/y;

interface Token {
  readonly kind: 'selector' | 'quoted' | 'regex' | 'sign' | 'word';
  readonly text: string;
}

/**
 * Compiles the inside of `{ … }`: conditions `$.selector = value` (also !=, and < > <= >= with numbers),
 * `IS NULL | TRUE | FALSE`, `EXISTS`, `NOT EXISTS`, joined by `&&` and `||` (`&&` binds tighter) and parentheses.
 * Messages that are no JSON objects match nothing, nor do comparisons with an array, an object or nothing at all.
 */
export function compileJsonPattern(pattern: string): (message: string) => boolean {
  const condition = parse(tokenize(pattern));
  return (message) => {
    const event = parseObject(message);
    return event !== undefined && condition(event);
  };
}

function parseObject(message: string): object | undefined {
  try {
    const event: unknown = JSON.parse(message);
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

function tokenize(pattern: string): Token[] {
  const found: Token[] = [];
  tokens.lastIndex = 0;
  while (pattern.slice(tokens.lastIndex).trim() !== '') {
    const groups = tokens.exec(pattern)?.groups;
    const [kind, text] = Object.entries(groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (!kind || text === undefined) throw invalidPattern();
    found.push({ kind: kind as Token['kind'], text });
  }
  return found;
}

function parse(all: readonly Token[]): Condition {
  let at = 0;
  const isNext = (text: string) => all[at]?.text.toUpperCase() === text && all[at]?.kind !== 'quoted';
  const skip = (text: string) => {
    if (!isNext(text)) return false;
    at += 1;
    return true;
  };
  const expect = (text: string) => {
    if (!skip(text)) throw invalidPattern();
  };

  function either(): Condition {
    const conditions = [both()];
    while (skip('||')) conditions.push(both());
    return (event) => conditions.some((condition) => condition(event));
  }

  function both(): Condition {
    const conditions = [single()];
    while (skip('&&')) conditions.push(single());
    return (event) => conditions.every((condition) => condition(event));
  }

  function single(): Condition {
    if (skip('(')) {
      const inner = either();
      expect(')');
      return inner;
    }
    const selector = all[at++];
    if (selector?.kind !== 'selector') throw invalidPattern();
    const path = parsePath(selector.text);
    if (skip('IS')) return is(path);
    if (skip('EXISTS')) return (event) => select(event, path) !== undefined;
    if (skip('NOT')) {
      expect('EXISTS');
      return (event) => select(event, path) === undefined;
    }
    return comparison(path);
  }

  function is(path: Path): Condition {
    const wanted = [
      ['NULL', null],
      ['TRUE', true],
      ['FALSE', false],
    ].find(([word]) => skip(word as string));
    if (!wanted) throw invalidPattern();
    return (event) => select(event, path) === wanted[1];
  }

  function comparison(path: Path): Condition {
    const operator = all[at++];
    const value = all[at++];
    const isOperator = operator?.kind === 'sign' && /^(=|!=|<|>|<=|>=)$/.test(operator.text);
    if (!isOperator || !value || value.kind === 'sign' || value.kind === 'selector') throw invalidPattern();
    const holds = compileComparison(operator.text as Comparison, patternValue(value));
    return (event) => {
      const field = select(event, path);
      return (typeof field === 'string' || typeof field === 'number') && holds(field);
    };
  }

  const condition = either();
  if (at < all.length) throw invalidPattern();
  return condition;
}

function patternValue({ kind, text }: Token): PatternValue {
  if (kind === 'word') return { kind: 'bare', text };
  const inner = text.slice(1, -1);
  return kind === 'regex' ? { kind, text: inner } : { kind: 'quoted', text: inner.replace(/\\(.)/g, '$1') };
}

function parsePath(selector: string): Path {
  const steps = selector.matchAll(/\.([A-Za-z0-9_-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/g);
  return [...steps].map(([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)));
}

function select(event: unknown, path: Path): unknown {
  let value = event;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) !== (typeof step === 'number')) return undefined;
    value = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  }
  return value;
}
