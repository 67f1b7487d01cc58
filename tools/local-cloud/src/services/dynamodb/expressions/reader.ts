import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type AwsError, validationError } from '../../../errors.ts';
import { attributeOf } from '../attribute-values.ts';
import { type Token, tokensOf } from './lexer.ts';
import type { Placeholders } from './placeholders.ts';
import { isReservedWord } from './reserved-words.ts';
import type { Path } from './syntax.ts';

/** "Expression string: 4 KB" ("Quotas in Amazon DynamoDB", Developer Guide). */
const longestExpression = 4096;
/** "Operators or functions in UpdateExpression, …: 300", same page. */
const mostOperators = 300;
/** Ours: no expression that says something is nested like that. */
const deepestNesting = 200;

/**
 * What is wrong beside the syntax, most important first: DynamoDB answers one problem, of the kind that comes first here,
 * wherever in the expression it is.
 */
const problemKinds = [
  'parentheses',
  'function',
  'misuse',
  'reserved',
  'section',
  'undefined',
  'overlap',
  'operand',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Reads an expression's tokens in order. A syntax error throws at once, everything else when the reading is done. */
export interface Reader {
  /** The token to be read next, or one further on. */
  peek(ahead?: number): Token;
  take(): Token;
  /** Takes the next token if it is this symbol or keyword (in any case). */
  takeIf(text: string): boolean;
  expect(text: string): void;
  /** The syntax error at the next token. */
  syntaxError(): AwsError;
  note(kind: ProblemKind, message: string): void;
  countOperator(): void;
  /** Reads what stands in parentheses, which may be nested, though not without end. */
  nested<T>(read: () => T): T;
  readPath(): Path;
  /** The value that the next token, a `:placeholder`, stands for. */
  readValue(): AttributeValue;
  /** Throws the first problem noted; a token left over is a syntax error. */
  finish(): void;
}

/** Opens the expression given as parameter `parameter` of a request (`ConditionExpression`). Throws ValidationException. */
export function readerOf(parameter: string, expression: string, placeholders: Placeholders): Reader {
  const invalid = (message: string) => validationError(`Invalid ${parameter}: ${message}`);
  if (expression.trim() === '') throw invalid('The expression can not be empty;');
  const size = Buffer.byteLength(expression);
  if (size > longestExpression) {
    throw invalid(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
  }
  const tokens = tokensOf(expression);
  const problems = new Map<ProblemKind, string>();
  let [at, operators, depth] = [0, 0, 0];

  const reader: Reader = {
    peek: (ahead = 0) => tokens[Math.min(at + ahead, tokens.length - 1)] as Token,
    take() {
      const token = reader.peek();
      at += 1;
      return token;
    },
    takeIf(text) {
      const { kind, text: found } = reader.peek();
      if (kind !== 'symbol' && kind !== 'word') return false;
      if (found.toUpperCase() !== text) return false;
      at += 1;
      return true;
    },
    expect(text) {
      if (!reader.takeIf(text)) throw reader.syntaxError();
    },
    syntaxError() {
      const [before, token, after] = [tokens[at - 1], reader.peek(), reader.peek(1)];
      const near = expression.slice((before ?? token).start, after.end).trimEnd();
      return invalid(`Syntax error; token: "${token.text}", near: "${near}"`);
    },
    note(kind, message) {
      if (!problems.has(kind)) problems.set(kind, message);
    },
    countOperator() {
      operators += 1;
      if (operators > mostOperators) {
        throw invalid(`The expression contains too many operators; operator count: ${operators}`);
      }
    },
    nested(read) {
      depth += 1;
      if (depth > deepestNesting) throw invalid('The expression is nested too deeply;');
      const inner = read();
      reader.expect(')');
      depth -= 1;
      return inner;
    },
    readPath() {
      const path: (string | number)[] = [readName()];
      for (;;) {
        if (reader.takeIf('.')) path.push(readName());
        else if (reader.takeIf('[')) path.push(readIndex());
        else return path as unknown as Path;
      }
    },
    readValue() {
      const { text } = reader.take();
      placeholders.usedValues.add(text);
      const value = attributeOf(placeholders.values, text);
      if (value) return value;
      reader.note(
        'undefined',
        `An expression attribute value used in expression is not defined; attribute value: ${text}`,
      );
      return { NULL: true };
    },
    finish() {
      if (reader.peek().kind !== 'end') throw reader.syntaxError();
      const first = problemKinds.find((kind) => problems.has(kind));
      if (first) throw invalid(problems.get(first) as string);
    },
  };

  function readName(): string {
    const { kind, text } = reader.peek();
    if (kind !== 'word' && kind !== 'name') throw reader.syntaxError();
    reader.take();
    if (kind === 'word') {
      if (isReservedWord(text)) {
        reader.note('reserved', `Attribute name is a reserved keyword; reserved keyword: ${text}`);
      }
      return text;
    }
    placeholders.usedNames.add(text);
    if (Object.hasOwn(placeholders.names, text)) return placeholders.names[text] as string;
    reader.note(
      'undefined',
      `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
    );
    return text;
  }

  function readIndex(): number {
    const { kind, text } = reader.peek();
    if (kind !== 'number') throw reader.syntaxError();
    reader.take();
    reader.expect(']');
    return Number(text);
  }

  return reader;
}
