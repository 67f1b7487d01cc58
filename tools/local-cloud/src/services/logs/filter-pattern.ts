import { invalidParameter } from './errors.ts';
import { compileFieldPattern } from './filter-pattern-fields.ts';
import { compileJsonPattern } from './filter-pattern-json.ts';
import { compileTermPattern } from './filter-pattern-terms.ts';

/** Says whether a message matches. */
export type Matcher = (message: string) => boolean;

/**
 * Compiles a filter pattern ("Filter pattern syntax", CloudWatch Logs User Guide): nothing, which matches everything;
 * `{ … }` on JSON events; `[ … ]` on space-delimited ones; otherwise terms. Throws InvalidParameterException.
 */
export function compileFilterPattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) throw invalidParameter("If a filter pattern starts with '{' it must end with '}'");
    return compileJsonPattern(text.slice(1, -1));
  }
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) throw invalidParameter("If a filter pattern starts with '[' it must end with ']'");
    return compileFieldPattern(text.slice(1, -1));
  }
  return compileTermPattern(text);
}
