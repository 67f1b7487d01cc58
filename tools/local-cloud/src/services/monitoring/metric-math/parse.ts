/** "Using metric math", CloudWatch User Guide: what an expression is made of. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'id'; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly Expression[] }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly type: 'negative'; readonly operand: Expression }
  | { readonly type: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** By how tightly they bind. */
const precedence = {
  OR: 1,
  AND: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '^': 7,
} as const;
export type Operator = keyof typeof precedence;
const negationBinds = 6;

const synonyms: Readonly<Record<string, Operator>> = { '||': 'OR', '&&': 'AND' };
const token = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|(\|\||&&|[=!<>]=|[-+*/^<>()[\],]))/y;

type Token =
  | { readonly type: 'number' | 'name' | 'text' | 'sign'; readonly text: string }
  | { readonly type: 'end'; readonly text: 'the end' };

/** Reads an expression. Throws an Error that says what it did not expect. */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { type: 'end', text: 'the end' };
  const next = (): Token => {
    const found = peek();
    position += 1;
    return found;
  };
  const expect = (sign: string) => {
    const found = next();
    if (found.type !== 'sign' || found.text !== sign) throw new Error(`expected ${sign} and found ${found.text}`);
  };

  function expression(binding = 0): Expression {
    let left = operand();
    for (;;) {
      const operator = operatorOf(peek());
      if (!operator || precedence[operator] <= binding) return left;
      next();
      // Powers are taken from the right: 2^3^2 is 2^(3^2).
      const right = expression(operator === '^' ? precedence[operator] - 1 : precedence[operator]);
      left = { type: 'binary', operator, left, right };
    }
  }

  function operand(): Expression {
    const found = next();
    if (found.type === 'number') return { type: 'number', value: Number(found.text) };
    if (found.type === 'text') return { type: 'text', value: found.text };
    if (found.type === 'name') return named(found.text);
    if (found.text === '-') return { type: 'negative', operand: expression(negationBinds) };
    if (found.text === '[') return { type: 'list', items: listUntil(']') };
    if (found.text !== '(') throw new Error(`did not expect ${found.text}`);
    const inner = expression();
    expect(')');
    return inner;
  }

  function named(name: string): Expression {
    if (peek().text !== '(' || peek().type !== 'sign') return { type: 'id', name };
    next();
    return { type: 'call', name: name.toUpperCase(), args: listUntil(')') };
  }

  function listUntil(end: string): Expression[] {
    const items: Expression[] = [];
    if (peek().text === end) {
      next();
      return items;
    }
    for (;;) {
      items.push(expression());
      if (peek().text !== ',') break;
      next();
    }
    expect(end);
    return items;
  }

  const result = expression();
  if (peek().type !== 'end') throw new Error(`did not expect ${peek().text}`);
  return result;
}

function operatorOf({ type, text }: Token): Operator | undefined {
  const name = synonyms[text] ?? (type === 'name' ? text.toUpperCase() : text);
  return type !== 'number' && type !== 'text' && Object.hasOwn(precedence, name) ? (name as Operator) : undefined;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const { length } = text.trimEnd();
  while (token.lastIndex < length) {
    const from = token.lastIndex;
    const [, number, name, single, double, sign] = token.exec(text) ?? [];
    if (number !== undefined) tokens.push({ type: 'number', text: number });
    else if (name !== undefined) tokens.push({ type: 'name', text: name });
    else if (sign !== undefined) tokens.push({ type: 'sign', text: sign });
    else if (single !== undefined || double !== undefined) tokens.push({ type: 'text', text: single ?? double ?? '' });
    else throw new Error(`did not expect ${text.slice(from).trim()[0]}`);
  }
  return tokens;
}
