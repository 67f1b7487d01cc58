export interface Token {
  /** `word`: name, keyword or function; `name`: `#placeholder`; `value`: `:placeholder`. */
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
  /** Where it stands in the expression. */
  readonly start: number;
  readonly end: number;
}

const pattern =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[()[\],.=<>+-])|(\S))/uy;
const kinds = ['word', 'name', 'value', 'number', 'symbol'] as const;

/** Takes an expression apart; the last token is `end`. A character that begins no token is a symbol nobody expects. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const matcher = new RegExp(pattern);
  for (let match = matcher.exec(expression); match; match = matcher.exec(expression)) {
    const group = match.slice(1).findIndex((text) => text !== undefined);
    const text = match[group + 1] as string;
    const end = match.index + match[0].length;
    tokens.push({ kind: kinds[group] ?? 'symbol', text, start: end - text.length, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: expression.length, end: expression.length });
  return tokens;
}
