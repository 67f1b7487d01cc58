import { invalidParameter } from './errors.ts';
import { invalidPattern, regexMatcher } from './filter-pattern-values.ts';

interface Term {
  readonly role: 'required' | 'optional' | 'excluded';
  readonly isIn: (message: string) => boolean;
}

/**
 * Compiles terms: words of letters, digits and `_`, "quoted phrases" and %regular expressions%, anywhere in the message,
 * case-sensitive. All are needed; of `?optional` ones one is; none of the `-excluded` ones may be there. Beside other
 * terms the optional ones are ignored.
 */
export function compileTermPattern(pattern: string): (message: string) => boolean {
  const terms = readTerms(pattern);
  const of = (role: Term['role']) => terms.filter((term) => term.role === role);
  const [required, optional, excluded] = [of('required'), of('optional'), of('excluded')];
  if (required.length === 0 && excluded.length === 0) return (message) => optional.some((term) => term.isIn(message));
  return (message) => required.every((term) => term.isIn(message)) && !excluded.some((term) => term.isIn(message));
}

const roles = { '': 'required', '?': 'optional', '-': 'excluded' } as const;
const term = /\s*([?-]?)\s*(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s"%]+))(?=\s|$|["%?-])/y;

function readTerms(pattern: string): Term[] {
  const terms: Term[] = [];
  term.lastIndex = 0;
  while (pattern.slice(term.lastIndex).trim() !== '') {
    const match = term.exec(pattern);
    if (!match) throw invalidPattern();
    const [, mark = '', quoted, regex, word] = match;
    if (word !== undefined && !/^\w+$/.test(word)) {
      // Words with other characters must be quoted.
      throw invalidParameter(`Invalid character(s) in term '${word}'`);
    }
    const text = word ?? quoted?.replace(/\\(.)/g, '$1') ?? '';
    const isIn = regex === undefined ? (message: string) => message.includes(text) : regexMatcher(regex);
    terms.push({ role: roles[mark as keyof typeof roles], isIn });
  }
  return terms;
}
