import { type Comparison, compileComparison, invalidPattern, type PatternValue } from './filter-pattern-values.ts';

type FieldCondition = (field: string) => boolean;

const any: FieldCondition = () => true;
/** A quoted text, a regular expression, or a run of other characters, up to the next comma. */
const part = /\s*((?:"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)+%|[^,"%])*)(,|$)/y;
const condition = /^\s*[\w$]*\s*(=|!=|<=|>=|<|>)\s*(!?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|(\S+))\s*$/;

/**
 * Compiles the inside of `[ … ]`: a name for each field, with conditions on it joined by `&&` or `||`, and `...` for any
 * number of fields. Fields are separated by spaces; what is between brackets or quotes is one field.
 */
export function compileFieldPattern(pattern: string): (message: string) => boolean {
  const fields = splitPattern(pattern);
  const gap = fields.indexOf('...');
  if (gap !== fields.lastIndexOf('...')) throw invalidPattern();
  const before = (gap < 0 ? fields : fields.slice(0, gap)).map(compileField);
  const after = gap < 0 ? [] : fields.slice(gap + 1).map(compileField);
  return (message) => {
    const found = splitMessage(message);
    if (gap < 0 ? found.length !== before.length : found.length < before.length + after.length) return false;
    const tail = found.slice(found.length - after.length);
    return before.every((holds, i) => holds(found[i] as string)) && after.every((holds, i) => holds(tail[i] as string));
  };
}

function splitPattern(pattern: string): string[] {
  const fields: string[] = [];
  part.lastIndex = 0;
  for (;;) {
    const match = part.exec(pattern);
    if (!match) throw invalidPattern();
    fields.push((match[1] ?? '').trim());
    if (match[2] === '') return fields;
  }
}

function splitMessage(message: string): string[] {
  const fields = message.matchAll(/\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)/g);
  return [...fields].map(([, bracketed, quoted, plain]) => bracketed ?? quoted ?? plain ?? '');
}

function compileField(field: string): FieldCondition {
  if (/^[\w$]*$/.test(field)) return any;
  const alternatives = field
    .split('||')
    .map((alternative) => alternative.split('&&').map(compileCondition))
    .map((conditions) => (value: string) => conditions.every((holds) => holds(value)));
  return (value) => alternatives.some((holds) => holds(value));
}

/** `status = 4*`; also `w1=!ERROR`, which is another way to write `!=`. */
function compileCondition(text: string): FieldCondition {
  const [, operator, negation, quoted, regex, bare] = condition.exec(text) ?? [];
  if (!operator || (negation && operator !== '=')) throw invalidPattern();
  const value: PatternValue =
    regex !== undefined
      ? { kind: 'regex', text: regex }
      : { kind: bare === undefined ? 'quoted' : 'bare', text: bare ?? (quoted ?? '').replace(/\\(.)/g, '$1') };
  return compileComparison((negation ? '!=' : operator) as Comparison, value);
}
